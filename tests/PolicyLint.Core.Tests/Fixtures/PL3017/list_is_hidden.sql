-- The loop sets the tenant, but the list of tenants is hidden too: the body never runs.
create table public.tenants (id uuid primary key);
alter table public.tenants enable row level security;
alter table public.tenants force row level security;
create policy own on public.tenants using (id = current_setting('app.tenant_id', true)::uuid);
create table public.notes (id uuid primary key, tenant_id uuid);
do $$
declare
  t record;
begin
  for t in select id from public.tenants loop
    --                    ^^^^^^^^^^^^^^ PL3017: This query reads no row of public.tenants
    perform set_config('app.tenant_id', t.id::text, true);
    update public.notes set tenant_id = t.id;
  end loop;
end $$;
insert into public.notes (id, tenant_id) select gen_random_uuid(), id from public.tenants;
