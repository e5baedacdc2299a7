select 'clients' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.clients
union all
select 'orders' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.orders
union all
select 'properties' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.properties
union all
select 'contacts' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.contacts
union all
select 'activities' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.activities
union all
select 'deals' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.deals
union all
select 'cases' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.cases
union all
select 'tags' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.tags
union all
select 'tasks' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.tasks
union all
select 'goals' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.goals
union all
select 'agent_cards' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.agent_cards
union all
select 'chat_messages' as table_name, count(*) as total, count(tenant_id) as with_tenant, count(*) - count(tenant_id) as without_tenant,
  round(100.0 * count(tenant_id) / nullif(count(*), 0), 2) as percent_complete from public.chat_messages;
