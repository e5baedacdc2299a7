create table public.orders (id uuid primary key, user_id uuid not null);
alter table public.orders enable row level security;
create policy own on public.orders to authenticated using (user_id = (select auth.uid()));
create function public.may_see(p uuid) returns boolean language sql stable security definer set search_path = '' as $$ select exists (select 1 from public.orders o where o.id = p and o.user_id = auth.uid()) $$;
create table public.order_lines (id uuid primary key, order_id uuid not null references public.orders (id));
alter table public.order_lines enable row level security;
create policy read on public.order_lines for select to authenticated using (public.may_see(order_id));
