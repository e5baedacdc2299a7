-- Column doesn't already exist: no rows
select column_name from information_schema.columns
where table_schema = 'platform' and table_name = 'users' and column_name = 'active_org_id';

-- Three rows
select column_name, data_type from information_schema.columns
where table_schema = 'platform' and table_name = 'organization_members'
  and column_name in ('user_id', 'organization_id', 'joined_at');

-- Snapshot: a user of several organizations counts once
select count(distinct u.id) as user_count, count(distinct m.organization_id) as org_count
from platform.users u
left join platform.organization_members m on m.user_id = u.id;
