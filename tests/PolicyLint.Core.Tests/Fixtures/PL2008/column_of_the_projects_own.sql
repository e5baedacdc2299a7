create table public.profiles (id uuid primary key, raw_user_meta_data jsonb);
create table public.a (id uuid primary key);
create policy p on public.a using (exists (select 1 from public.profiles p where p.id = auth.uid() and p.raw_user_meta_data ->> 'role' = 'admin'));
