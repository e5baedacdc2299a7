-- fault: platform.users has row-level security enabled and forced
alter table platform.users no force row level security;

-- fault: platform.projects has row-level security enabled and forced
alter table platform.projects disable row level security;

-- fault: platform.users has the index idx_users_active_org
drop index platform.idx_users_active_org;

-- fault: platform.users has the index idx_users_active_org
update pg_index set indisvalid = false where indexrelid = 'platform.idx_users_active_org'::regclass;

-- fault: all indexes and constraints of the schema platform are valid
update pg_index set indisvalid = false where indexrelid = 'platform.idx_user_sessions_user'::regclass;

-- fault: platform.users has the index idx_users_active_org
drop index platform.idx_users_active_org;
create index idx_users_active_org on platform.users (active_org_id);

-- fault: the index idx_users_active_org serves
drop index platform.idx_users_active_org;
create index idx_users_active_org on platform.users (email);

-- fault: the function platform.get_user_active_org exists
drop function platform.get_user_active_org();

-- fault: the function platform.set_user_active_org exists
alter function platform.set_user_active_org(uuid) security definer;

-- fault: the function platform.set_user_active_org exists
alter function platform.set_user_active_org(uuid) reset search_path;

-- fault: the function platform.get_user_active_org exists
grant execute on function platform.get_user_active_org() to public;

-- fault: the function platform.get_user_active_org exists
revoke execute on function platform.get_user_active_org() from studio_app;

-- fault: row-level security binds the role studio_app
alter role studio_app bypassrls;
-- undo
alter role studio_app nobypassrls;

-- fault: platform.users.active_org_id exists, of type uuid, nullable, without a default
alter table platform.users alter column active_org_id set default gen_random_uuid();

-- fault: platform.users(active_org_id) has a validated foreign key
alter table platform.users drop constraint users_active_org_id_fkey;

-- fault: platform.users(active_org_id) has a validated foreign key
alter table platform.users drop constraint users_active_org_id_fkey;
alter table platform.users add constraint users_active_org_id_fkey foreign key (active_org_id) references platform.organizations (id) on delete cascade;

-- fault: platform.users(active_org_id) has a validated foreign key
alter table platform.users drop constraint users_active_org_id_fkey;
alter table platform.users add constraint users_active_org_id_fkey foreign key (active_org_id) references platform.organizations (id) on delete set null not valid;

-- fault: platform.users.active_org_id is filled in 100 % of the rows where
update platform.users set active_org_id = null where email = 'a@example.com';

-- fault: every platform.users.active_org_id is a platform.organizations.id
set session_replication_role = replica;
update platform.users set active_org_id = '99999999-0000-0000-0000-000000000000' where email = 'a@example.com';

-- fault: users of no organization who have an active one
set session_replication_role = replica;
update platform.users set active_org_id = '10000000-0000-0000-0000-00000000000a' where email = 'nobody@example.com';
