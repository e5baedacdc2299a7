-- A restrictive policy narrows what a permissive one opens, and not to the user's own.
-- told: PL2002 public.messages/signed in
create table public.messages (id uuid primary key, user_id uuid not null, is_deleted boolean not null default true);
create index on public.messages (user_id);
alter table public.messages enable row level security;
create policy "signed in" on public.messages for select to authenticated using ((select auth.uid()) is not null);
create policy "not deleted" on public.messages as restrictive for select to authenticated using (not is_deleted);
