create table public.orders (id uuid primary key, user_id uuid not null);
alter table public.orders enable row level security;
alter table public.orders force row level security;
create policy own on public.orders using (user_id = (select current_setting('app.user_id', true)::uuid));
create table public.order_lines (id uuid primary key, order_id uuid not null references public.orders (id));
-- ^^^ PL1006: public.order_lines belongs to public.orders (order_id)
create table public.currencies (code text primary key);
create table public.coupons (code text primary key, last_order uuid references public.orders (id));
