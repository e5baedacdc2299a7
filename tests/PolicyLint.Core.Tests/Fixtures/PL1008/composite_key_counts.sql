create table public.users (id uuid primary key);
create table public.orgs (org_id uuid primary key);
create table public.members (org_id uuid not null references public.orgs (org_id), user_id uuid not null references public.users (id), primary key (org_id, user_id));
create table public.tasks (
  id uuid primary key, org_id uuid not null, user_id uuid not null,
  foreign key (org_id, user_id) references public.members (org_id, user_id)
);
