-- A membership lookup whose subquery says nothing of the row.
-- told: PL2018 public.documents/members
create table public.orgs (id uuid primary key);
alter table public.orgs enable row level security;
create table public.members (org_id uuid not null references public.orgs (id), user_id uuid not null, primary key (user_id, org_id));
alter table public.members enable row level security;
create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create table public.documents (id uuid primary key, org_id uuid not null references public.orgs (id), title text not null check (length(title) > 20));
create index on public.documents (org_id);
alter table public.documents enable row level security;
create policy members on public.documents for select to authenticated using (exists (select 1 from public.members m where m.user_id = (select auth.uid())));
