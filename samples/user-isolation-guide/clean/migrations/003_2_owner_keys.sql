-- Outside a transaction: the API goes on writing.

create unique index concurrently projects_user_id_id_key on public.projects (user_id, id);
alter table public.projects add constraint projects_user_id_id_key unique using index projects_user_id_id_key;
create unique index concurrently tasks_user_id_id_key on public.tasks (user_id, id);
alter table public.tasks add constraint tasks_user_id_id_key unique using index tasks_user_id_id_key;
create index concurrently idx_subtasks_user_id on public.subtasks (user_id);
create index concurrently idx_agents_user_id on public.agents (user_id);

-- A task is in a project of the same user, a subtask under a task of the same user.
alter table public.tasks add constraint tasks_project_owner_fkey
  foreign key (user_id, project_id) references public.projects (user_id, id) not valid;
alter table public.subtasks add constraint subtasks_task_owner_fkey
  foreign key (user_id, task_id) references public.tasks (user_id, id) not valid;

alter table public.projects validate constraint projects_user_id_fkey;
alter table public.tasks validate constraint tasks_user_id_fkey;
alter table public.subtasks validate constraint subtasks_user_id_fkey;
alter table public.agents validate constraint agents_user_id_fkey;
alter table public.tasks validate constraint tasks_project_owner_fkey;
alter table public.subtasks validate constraint subtasks_task_owner_fkey;
