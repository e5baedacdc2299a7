-- In a block it is always inside a transaction.
create table public.a (id uuid primary key, title text);
create index a_title on public.a (title);
drop index concurrently public.a_title;
do $$
begin
  execute 'create index concurrently a_title on public.a (title)';
-- ^^^ PL3015: CREATE INDEX CONCURRENTLY is refused inside a block
end $$;
begin;
drop index concurrently public.a_title;
-- ^^^ PL3015: DROP INDEX CONCURRENTLY is refused inside a transaction
rollback;
