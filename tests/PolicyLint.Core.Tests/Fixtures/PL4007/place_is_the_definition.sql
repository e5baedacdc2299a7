-- config: platform: supabase
create table public.plans (id int primary key, price numeric not null);
create function public.set_price(plan int, p numeric) returns void language sql security definer as $$ select 1 $$;
create or replace function public.set_price(plan int, p numeric) returns void language sql security definer as $$ update public.plans set price = p where id = plan $$;
-- ^^^ PL4007: PUBLIC may execute public.set_price
alter function public.set_price(int, numeric) owner to postgres;
alter function public.set_price(int, numeric) set search_path = '';
