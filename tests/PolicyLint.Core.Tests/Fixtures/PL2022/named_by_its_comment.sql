create table public.jobs (id uuid primary key, done boolean);
alter table public.jobs enable row level security;
create policy manage on public.jobs using (not done);
-- ^^^ PL2022: The policy manage on public.jobs is for every role
comment on policy manage on public.jobs is 'for the service role';
