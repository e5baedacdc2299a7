-- Accounts, organizations and projects of the platform.

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
  user_id uuid references platform.users (id) on delete cascade,
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
