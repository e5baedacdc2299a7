-- Outside a transaction: neither statement stops sign-ins.

create index concurrently idx_users_active_org on platform.users (active_org_id)
where active_org_id is not null;

alter table platform.users validate constraint users_active_org_id_fkey;
alter table platform.users validate constraint users_active_membership_fkey;
