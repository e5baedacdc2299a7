-- A role that is taken on purpose is bound without FORCE, where it does not own the table.
create role app;
create table public.notes (id uuid primary key, tenant_id uuid);
alter table public.notes enable row level security;
create policy own on public.notes to app using (tenant_id = current_setting('app.tenant_id', true)::uuid);
update public.notes set tenant_id = null;
set role app;
update public.notes set tenant_id = null;
--     ^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.notes
reset role;
update public.notes set tenant_id = null;
