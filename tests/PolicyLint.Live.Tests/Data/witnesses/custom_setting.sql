-- The project's own setting, and a migration that lets rows go which it does not name.
-- told: PL3001 app.notes/tenant
-- config: platform: plain
-- config: roles: [notes_app]
-- config: tenancy:
-- config:   tenant_id: { is: "current_setting('app.tenant', true)::bigint" }
-- file: 1.sql
create role notes_app;
create schema app;
grant usage on schema app to notes_app;
create table app.tenants (id bigint primary key, name text not null);
create table app.notes (id bigint primary key, tenant_id bigint not null references app.tenants (id), is_archived boolean not null default false);
grant select, insert, update, delete on app.notes to notes_app;
alter table app.notes enable row level security;
alter table app.notes force row level security;
create policy tenant on app.notes for all to notes_app using (tenant_id = current_setting('app.tenant', true)::bigint);
-- file: 2.sql
begin;
drop policy tenant on app.notes;
create policy tenant on app.notes for all to notes_app using (tenant_id = current_setting('app.tenant', true)::bigint and not is_archived);
commit;
