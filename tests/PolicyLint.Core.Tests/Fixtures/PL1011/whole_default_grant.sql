-- config: platform: supabase
create table public.plans (id int primary key, price numeric not null);
-- ^^^ PL1011: anon and authenticated may insert into, update and delete from public.plans
