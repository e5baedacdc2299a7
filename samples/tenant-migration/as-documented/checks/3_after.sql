-- 0. Every user should have a tenant: 0
SELECT COUNT(*) as users_without_tenant
FROM profiles p
WHERE NOT EXISTS (SELECT 1 FROM tenants WHERE owner_id = p.id);

-- 1. Data integrity check: 0
SELECT
  'tenants' as check_name,
  COUNT(*) as count,
  'All users have tenant' as description
FROM profiles p
LEFT JOIN tenants t ON p.tenant_id = t.id
WHERE t.id IS NULL;

-- 2. Backfill completeness: 0 (or explained orphans)
SELECT 'clients_backfill' as check_name, COUNT(*) as count, 'All clients have tenant_id' as description FROM clients WHERE tenant_id IS NULL
UNION ALL
SELECT 'orders_backfill' as check_name, COUNT(*) as count, 'All orders have tenant_id' as description FROM orders WHERE tenant_id IS NULL
UNION ALL
SELECT 'properties_backfill' as check_name, COUNT(*) as count, 'All properties have tenant_id' as description FROM properties WHERE tenant_id IS NULL
UNION ALL
SELECT 'contacts_backfill' as check_name, COUNT(*) as count, 'All contacts have tenant_id' as description FROM contacts WHERE tenant_id IS NULL
UNION ALL
SELECT 'activities_backfill' as check_name, COUNT(*) as count, 'All activities have tenant_id' as description FROM activities WHERE tenant_id IS NULL
UNION ALL
SELECT 'deals_backfill' as check_name, COUNT(*) as count, 'All deals have tenant_id' as description FROM deals WHERE tenant_id IS NULL
UNION ALL
SELECT 'cases_backfill' as check_name, COUNT(*) as count, 'All cases have tenant_id' as description FROM cases WHERE tenant_id IS NULL
UNION ALL
SELECT 'tags_backfill' as check_name, COUNT(*) as count, 'All tags have tenant_id' as description FROM tags WHERE tenant_id IS NULL
UNION ALL
SELECT 'tasks_backfill' as check_name, COUNT(*) as count, 'All tasks have tenant_id' as description FROM tasks WHERE tenant_id IS NULL
UNION ALL
SELECT 'goals_backfill' as check_name, COUNT(*) as count, 'All goals have tenant_id' as description FROM goals WHERE tenant_id IS NULL
UNION ALL
SELECT 'agent_cards_backfill' as check_name, COUNT(*) as count, 'All agent cards have tenant_id' as description FROM agent_cards WHERE tenant_id IS NULL
UNION ALL
SELECT 'chat_messages_backfill' as check_name, COUNT(*) as count, 'All chat messages have tenant_id' as description FROM chat_messages WHERE tenant_id IS NULL;

-- 3. Performance check: the plan uses the index
EXPLAIN ANALYZE
SELECT * FROM clients WHERE tenant_id = 'some-tenant-id';
