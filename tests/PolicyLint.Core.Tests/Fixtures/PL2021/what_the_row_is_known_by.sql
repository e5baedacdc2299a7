-- A user's own rows are looked up by their keys: that a key may be changed gives nobody anything.
create table public.projects (id uuid primary key, user_id uuid not null);
create index on public.projects (user_id);
alter table public.projects enable row level security;
create policy own on public.projects for all to authenticated using (user_id = (select auth.uid()));
create table public.tasks (id uuid primary key, project_id uuid not null references public.projects (id));
create index on public.tasks (project_id);
alter table public.tasks enable row level security;
create policy own on public.tasks for all to authenticated using (project_id in (select id from public.projects where user_id = (select auth.uid())));
