-- Accounts, organizations and projects of the platform. The API connects as a member of studio_app and names the
-- user in every transaction: select set_config('app.user_id', '<id>', true)

begin;

create schema platform;

create table platform.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  display_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table platform.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null unique,
  created_at timestamptz not null default now()
);

create table platform.organization_members (
  user_id uuid not null references platform.users (id) on delete cascade,
  organization_id uuid not null references platform.organizations (id) on delete cascade,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  joined_at timestamptz not null default now(),
  primary key (user_id, organization_id)
);
create index idx_organization_members_org on platform.organization_members (organization_id);

create table platform.user_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references platform.users (id) on delete cascade,
  token_hash text not null unique,
  expires_at timestamptz not null
);
create index idx_user_sessions_user on platform.user_sessions (user_id);

create table platform.projects (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references platform.organizations (id) on delete cascade,
  name text not null,
  created_at timestamptz not null default now()
);
create index idx_projects_organization on platform.projects (organization_id);

create role studio_app nologin;
grant usage on schema platform to studio_app;

alter table platform.users enable row level security;
alter table platform.users force row level security;
alter table platform.organizations enable row level security;
alter table platform.organizations force row level security;
alter table platform.organization_members enable row level security;
alter table platform.organization_members force row level security;
alter table platform.user_sessions enable row level security;
alter table platform.user_sessions force row level security;
alter table platform.projects enable row level security;
alter table platform.projects force row level security;

grant select, update (display_name, updated_at) on platform.users to studio_app;
grant select on platform.organizations, platform.organization_members to studio_app;
grant select, insert, delete on platform.user_sessions to studio_app;
grant select, insert, update, delete on platform.projects to studio_app;

create policy users_select_own on platform.users
  for select to studio_app
  using (id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy users_update_own on platform.users
  for update to studio_app
  using (id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy members_select_own on platform.organization_members
  for select to studio_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy organizations_select_member on platform.organizations
  for select to studio_app
  using (id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ));

create policy sessions_select_own on platform.user_sessions
  for select to studio_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy sessions_insert_own on platform.user_sessions
  for insert to studio_app
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy sessions_delete_own on platform.user_sessions
  for delete to studio_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

create policy projects_select_member on platform.projects
  for select to studio_app
  using (organization_id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ));

create policy projects_insert_member on platform.projects
  for insert to studio_app
  with check (organization_id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ));

create policy projects_update_member on platform.projects
  for update to studio_app
  using (organization_id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ))
  with check (organization_id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ));

create policy projects_delete_member on platform.projects
  for delete to studio_app
  using (organization_id in (
    select m.organization_id from platform.organization_members m
    where m.user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
  ));

commit;
