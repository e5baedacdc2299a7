select pg_size_pretty(pg_database_size(current_database()));

-- Records to migrate
select 'clients' as table_name, count(*) as record_count from public.clients
union all
select 'orders' as table_name, count(*) as record_count from public.orders
union all
select 'properties' as table_name, count(*) as record_count from public.properties
union all
select 'contacts' as table_name, count(*) as record_count from public.contacts
union all
select 'activities' as table_name, count(*) as record_count from public.activities
union all
select 'deals' as table_name, count(*) as record_count from public.deals
union all
select 'cases' as table_name, count(*) as record_count from public.cases
union all
select 'tags' as table_name, count(*) as record_count from public.tags
union all
select 'tasks' as table_name, count(*) as record_count from public.tasks
union all
select 'goals' as table_name, count(*) as record_count from public.goals
union all
select 'agent_cards' as table_name, count(*) as record_count from public.agent_cards
union all
select 'chat_messages' as table_name, count(*) as record_count from public.chat_messages;

-- Wait or abort when there are any
select pid, usename, state, xact_start, query
from pg_stat_activity
where state <> 'idle' and pid <> pg_backend_pid();
