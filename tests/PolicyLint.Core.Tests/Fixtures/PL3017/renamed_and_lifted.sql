-- Renames are followed, and NO FORCE counts from where it stands.
-- file: 1.sql
create table public.tenants (id uuid primary key);
create table public.notes (id uuid primary key, tenant_id uuid, title text);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy own on public.notes using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- file: 2.sql
alter table public.notes rename to papers;
alter table public.papers rename column tenant_id to org_id;
update public.papers p set title = '' from public.tenants t where t.id = p.org_id;
--     ^^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.papers
alter table public.papers no force row level security;
update public.papers set title = '';
alter table public.papers force row level security;
