SELECT 'clients' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM clients
UNION ALL
SELECT 'orders' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM orders
UNION ALL
SELECT 'properties' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM properties
UNION ALL
SELECT 'contacts' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM contacts
UNION ALL
SELECT 'activities' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM activities
UNION ALL
SELECT 'deals' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM deals
UNION ALL
SELECT 'cases' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM cases
UNION ALL
SELECT 'tags' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM tags
UNION ALL
SELECT 'tasks' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM tasks
UNION ALL
SELECT 'goals' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM goals
UNION ALL
SELECT 'agent_cards' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM agent_cards
UNION ALL
SELECT 'chat_messages' as table_name, COUNT(*) as total, COUNT(tenant_id) as with_tenant, COUNT(*) - COUNT(tenant_id) as without_tenant,
  ROUND(100.0 * COUNT(tenant_id) / COUNT(*), 2) as percent_complete FROM chat_messages;
