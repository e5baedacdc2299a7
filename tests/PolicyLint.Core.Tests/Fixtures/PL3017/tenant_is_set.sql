-- Whatever may have set the user silences the rule.
-- file: 1.sql
create table public.tenants (id uuid primary key);
create table public.notes (id uuid primary key, tenant_id uuid, title text);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy own on public.notes using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- file: 2.sql
do $$
declare
  t record;
begin
  for t in select id from public.tenants loop
    perform set_config('app.tenant_id', t.id::text, true);
    update public.notes set title = '' where title is null;
  end loop;
end $$;
-- file: 3.sql
set app.tenant_id = '00000000-0000-0000-0000-000000000001';
update public.notes set title = '' where title is null;
-- file: 4.sql
create function public.become(tenant uuid) returns void language plpgsql as $$
begin
  perform set_config('app.tenant_id', tenant::text, false);
end $$;
select public.become('00000000-0000-0000-0000-000000000001');
update public.notes set title = '' where title is null;
-- file: 5.sql
select tenancy.enter('00000000-0000-0000-0000-000000000001');
delete from public.notes;
-- file: 6.sql
-- Another session knows nothing of it, and another setting is no user.
set app.locale = 'de';
delete from public.notes;
--          ^^^^^^^^^^^^ PL3017: This DELETE touches no row of public.notes
