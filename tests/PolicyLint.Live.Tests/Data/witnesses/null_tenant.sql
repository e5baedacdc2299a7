-- Rows without a tenant are given to everybody by IS NOT DISTINCT FROM, and a default must not fill the column.
-- told: PL2012 public.files/own
create table public.files (id uuid primary key, owner_id uuid default auth.uid(), path text);
create index on public.files (owner_id);
alter table public.files enable row level security;
create policy own on public.files for select to anon, authenticated using (owner_id is not distinct from (select auth.uid()));
