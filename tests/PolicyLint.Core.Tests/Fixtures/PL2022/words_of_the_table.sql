create table public.service_orders (id uuid primary key);
alter table public.service_orders enable row level security;
create policy service_orders_read on public.service_orders for select using (true);
create policy "Service orders are public" on public.service_orders for insert with check (true);
create policy "admins write service orders" on public.service_orders for update using (true);
-- ^^^ PL2022: The policy admins write service orders on public.service_orders is for every role
create table public.system_config (id uuid primary key);
alter table public.system_config enable row level security;
create policy "Read system config" on public.system_config for select using (true);
