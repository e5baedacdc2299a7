-- An organisation has an owner, who is a member of an organisation: the parents of the witness's rows go round.
-- told: PL2002 public.projects/everyone signed in
create table public.organisations (id uuid primary key, owner_id uuid not null);
create table public.people (id uuid primary key, organisation_id uuid not null references public.organisations (id));
alter table public.organisations add foreign key (owner_id) references public.people (id) deferrable initially deferred;
alter table public.organisations enable row level security;
alter table public.people enable row level security;
create table public.projects (id uuid primary key, owner_id uuid not null references public.people (id));
create index on public.projects (owner_id);
alter table public.projects enable row level security;
create policy "everyone signed in" on public.projects for select to authenticated using ((select auth.uid()) is not null);
