SELECT pg_size_pretty(pg_database_size('postgres'));

-- Records to migrate
SELECT
  'clients' as table_name,
  COUNT(*) as record_count
FROM clients
UNION ALL
SELECT 'orders', COUNT(*) FROM orders
UNION ALL
SELECT 'properties', COUNT(*) FROM properties
UNION ALL
SELECT 'contacts', COUNT(*) FROM contacts
UNION ALL
SELECT 'activities', COUNT(*) FROM activities
UNION ALL
SELECT 'deals', COUNT(*) FROM deals
UNION ALL
SELECT 'cases', COUNT(*) FROM cases
UNION ALL
SELECT 'tags', COUNT(*) FROM tags
UNION ALL
SELECT 'tasks', COUNT(*) FROM tasks
UNION ALL
SELECT 'goals', COUNT(*) FROM goals
UNION ALL
SELECT 'agent_cards', COUNT(*) FROM agent_cards
UNION ALL
SELECT 'chat_messages', COUNT(*) FROM chat_messages;

-- Wait or abort when there are any
SELECT * FROM pg_stat_activity
WHERE state = 'active' AND query NOT LIKE '%pg_stat_activity%';
