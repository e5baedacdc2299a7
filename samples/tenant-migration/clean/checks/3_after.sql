-- 0. Users without a tenant of their own, and tenants that stand twice: no rows
select p.id from public.profiles p
where not exists (select from public.tenants t where t.owner_id = p.id);

select owner_id, count(*) from public.tenants group by owner_id having count(*) > 1;

-- 1. Profiles whose tenant does not exist: 0
select count(*) as profiles_without_tenant
from public.profiles p
left join public.tenants t on t.id = p.tenant_id
where t.id is null;

-- 2. Rows that are not in their owner's tenant: 0
select 'clients' as table_name, count(*) as misplaced from public.clients x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'orders' as table_name, count(*) as misplaced from public.orders x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'properties' as table_name, count(*) as misplaced from public.properties x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'contacts' as table_name, count(*) as misplaced from public.contacts x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'activities' as table_name, count(*) as misplaced from public.activities x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'deals' as table_name, count(*) as misplaced from public.deals x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'cases' as table_name, count(*) as misplaced from public.cases x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'tags' as table_name, count(*) as misplaced from public.tags x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'tasks' as table_name, count(*) as misplaced from public.tasks x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'goals' as table_name, count(*) as misplaced from public.goals x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'agent_cards' as table_name, count(*) as misplaced from public.agent_cards x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id
union all
select 'chat_messages' as table_name, count(*) as misplaced from public.chat_messages x join public.profiles p on p.id = x.org_id where x.tenant_id is distinct from p.tenant_id;

-- 3. RLS enabled and forced, four policies: one row per table
select c.relname, c.relrowsecurity, c.relforcerowsecurity,
  (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
order by c.relname;

-- 4. Constraints that are not validated, indexes that are not valid: no rows
select conrelid::regclass as table_name, conname from pg_constraint where not convalidated;
select indexrelid::regclass as index_name from pg_index where not indisvalid;

-- 5. The plan uses the index
explain
select * from public.clients where tenant_id = '00000000-0000-0000-0000-000000000000';
