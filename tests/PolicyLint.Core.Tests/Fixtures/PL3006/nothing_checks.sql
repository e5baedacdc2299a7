-- A policy behind a backfill that may have missed rows, with nothing in between.
-- file: 1.sql
create table public.accounts (id uuid primary key, region uuid);
create table public.notes (id uuid primary key, account uuid, tenant_id uuid);
-- file: 2.sql
update public.notes n set tenant_id = a.region from public.accounts a where a.id = n.account and n.tenant_id is null;
--     ^^^^^^^^^^^^^^ PL3006: Nothing checks that this backfill leaves no row of public.notes without tenant_id before the policy own
create policy own on public.notes using (tenant_id = current_setting('app.tenant_id', true)::uuid);
-- file: 3.sql
update public.notes n set tenant_id = a.region from public.accounts a where a.id = n.account and n.tenant_id is null;
do $$
begin
  if exists (select from public.notes where tenant_id is null) then
    raise exception 'notes without a tenant are left';
  end if;
end $$;
create policy mine on public.notes using (tenant_id = current_setting('app.tenant_id', true)::uuid);
-- file: 4.sql
update public.notes set tenant_id = '00000000-0000-0000-0000-000000000001' where tenant_id is null;
create policy ours on public.notes using (tenant_id = current_setting('app.tenant_id', true)::uuid);
