-- fault: each row of public.profiles has 1 rows of public.tenants
set session_replication_role = replica;
delete from public.tenants where owner_id = '00000000-0000-0000-0000-00000000000a';

-- fault: no two rows of public.tenants have the same owner_id
alter table public.tenants drop constraint tenants_owner_id_key;
insert into public.tenants (name, owner_id) select name, owner_id from public.tenants limit 1;

-- fault: public.clients.tenant_id is filled in 100 % of the rows
alter table public.clients alter column tenant_id drop not null;
set session_replication_role = replica;
update public.clients set tenant_id = null where name = 'client of A';

-- fault: clients outside the tenant of their owner
set session_replication_role = replica;
update public.clients c set tenant_id = (select t.id from public.tenants t where t.id <> c.tenant_id limit 1) where name = 'client of A';

-- fault: every public.goals.tenant_id is a public.tenants.id
set session_replication_role = replica;
update public.goals set tenant_id = '99999999-0000-0000-0000-000000000000';

-- fault: public.orders has 4 policies
drop policy "Users can delete their orders" on public.orders;

-- fault: public.tags has row-level security enabled and forced
alter table public.tags no force row level security;

-- fault: public.orders has the index idx_orders_tenant
drop index public.idx_orders_tenant;

-- fault: public.goals(tenant_id) has a validated foreign key to public.tenants
alter table public.goals drop constraint goals_tenant_id_fkey;

-- fault: the function private.current_tenant_id exists, security definer
alter function private.current_tenant_id() security invoker;
