-- A role that makes one that bypasses row-level security does so itself.
create table public.tenants (id uuid primary key);
create table public.notes (id uuid primary key, tenant_id uuid, title text);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy own on public.notes using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create role worker bypassrls;
update public.notes set title = '';
