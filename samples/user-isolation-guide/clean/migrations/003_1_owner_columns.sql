-- An owner on every row. What was there before goes to the system user.

begin;

insert into public.users (id, email)
values ('00000000-0000-0000-0000-000000000000', 'system@localhost')
on conflict (id) do nothing;

alter table public.projects add column user_id uuid;
alter table public.projects
  add constraint projects_user_id_fkey foreign key (user_id) references public.users (id) not valid;
update public.projects set user_id = '00000000-0000-0000-0000-000000000000' where user_id is null;

alter table public.tasks add column user_id uuid;
alter table public.tasks
  add constraint tasks_user_id_fkey foreign key (user_id) references public.users (id) not valid;
update public.tasks set user_id = '00000000-0000-0000-0000-000000000000' where user_id is null;

alter table public.subtasks add column user_id uuid;
alter table public.subtasks
  add constraint subtasks_user_id_fkey foreign key (user_id) references public.users (id) not valid;
update public.subtasks set user_id = '00000000-0000-0000-0000-000000000000' where user_id is null;

alter table public.agents add column user_id uuid;
alter table public.agents
  add constraint agents_user_id_fkey foreign key (user_id) references public.users (id) not valid;
update public.agents set user_id = '00000000-0000-0000-0000-000000000000' where user_id is null;

do $$
begin
  if exists (select 1 from public.projects where user_id is null) then
    raise exception 'projects: a row is left without an owner';
  end if;
  if exists (select 1 from public.tasks where user_id is null) then
    raise exception 'tasks: a row is left without an owner';
  end if;
  if exists (select 1 from public.subtasks where user_id is null) then
    raise exception 'subtasks: a row is left without an owner';
  end if;
  if exists (select 1 from public.agents where user_id is null) then
    raise exception 'agents: a row is left without an owner';
  end if;
end
$$;

alter table public.projects alter column user_id set not null;
alter table public.tasks alter column user_id set not null;
alter table public.subtasks alter column user_id set not null;
alter table public.agents alter column user_id set not null;

create table public.user_access_log (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.users (id),
  entity_type text not null,
  entity_id uuid,
  operation text not null,
  created_at timestamptz not null default now()
);
create index idx_user_access_log_user_id on public.user_access_log (user_id, created_at);
alter table public.user_access_log enable row level security;

commit;
