create view public.ids as select id, created_at from auth.users;
create view public.total as select count(email) as n from auth.users;
create view public.invoked with (security_invoker = true) as select * from auth.users;
create view public.revoked as select * from auth.users;
revoke all on public.revoked from anon, authenticated;
create table public.profiles (id uuid primary key, name text);
create view public.joined as select p.name, u.email from public.profiles p join auth.users u on u.id = p.id;
-- ^^^ PL4008: public.joined shows auth.users
create view public.names as select p.name from public.profiles p join auth.users u on u.id = p.id;
create function public.all_users() returns setof auth.users language sql security definer set search_path = '' as $$ select * from auth.users $$;
-- ^^^ PL4008: public.all_users returns rows of auth.users
create function public.user_exists(p text) returns boolean language sql security definer set search_path = '' as $$ select exists (select 1 from auth.users where email = p) $$;
create function public.my_user() returns setof auth.users language sql security definer set search_path = '' as $$ select * from auth.users where id = auth.uid() $$;
