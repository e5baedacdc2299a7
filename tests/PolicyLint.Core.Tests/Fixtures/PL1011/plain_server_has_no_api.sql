create table public.plans (id int primary key, price numeric not null);
create role app;
grant all on public.plans to app;
