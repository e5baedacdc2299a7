-- Rows that nobody looks up to decide anything give nothing away.
create table public.projects (id uuid primary key, user_id uuid not null);
create index on public.projects (user_id);
alter table public.projects enable row level security;
create policy own on public.projects for select to authenticated using (user_id = (select auth.uid()));
create table public.comments (id uuid primary key, project_id uuid not null references public.projects (id), user_id uuid not null);
create index on public.comments (user_id);
alter table public.comments enable row level security;
create policy own on public.comments for insert to authenticated with check (user_id = (select auth.uid()));
