create table public.projects (id uuid primary key, name text);
create table public.members (id uuid primary key, project_id uuid not null references public.projects (id), user_id uuid not null);
alter table public.projects enable row level security;
create policy p on public.projects for select to authenticated
  using (exists (select 1 from public.members where project_id = id and user_id = auth.uid()));
--                                                  ^^^^^^^^^^^^^^^ PL2019: id means members.id
create policy q on public.projects for update to authenticated
  using (exists (select 1 from public.members where project_id = projects.id and user_id = auth.uid()));
