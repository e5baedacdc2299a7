-- A function that policies call reads the flag.
create table public.profiles (id uuid primary key, is_editor boolean not null default false);
alter table public.profiles enable row level security;
create function public.is_editor() returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select 1 from public.profiles where id = auth.uid() and is_editor)
$$;
create policy own on public.profiles for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));
--                                                                                                            ^^ PL2021: authenticated may change is_editor in an own row of public.profiles, which public.is_editor() goes by
create table public.articles (id uuid primary key);
alter table public.articles enable row level security;
create policy editors on public.articles for update to authenticated using (public.is_editor());
-- config: tenancy:
-- config:   id: { is: auth.uid() }
