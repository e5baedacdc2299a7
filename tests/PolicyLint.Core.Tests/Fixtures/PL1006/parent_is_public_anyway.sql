create table public.posts (id uuid primary key, user_id uuid not null);
alter table public.posts enable row level security;
create policy read on public.posts for select to anon, authenticated using (true);
create policy own on public.posts for insert to authenticated with check (user_id = (select auth.uid()));
create table public.comments (id uuid primary key, post_id uuid not null references public.posts (id));
alter table public.comments enable row level security;
create policy read on public.comments for select to anon, authenticated using (true);
