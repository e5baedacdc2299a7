-- A row of mine may be updated into one of yours: the witness is what it becomes, and the server needs a row to begin with.
-- told: PL2003 public.cards/change/Update
create table public.cards (id uuid primary key, user_id uuid not null, pin text not null unique);
create index on public.cards (user_id);
alter table public.cards enable row level security;
create policy own on public.cards for select to authenticated using (user_id = (select auth.uid()));
create policy change on public.cards for update to authenticated using (user_id = (select auth.uid())) with check ((select auth.uid()) is not null);
