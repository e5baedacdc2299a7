-- Nothing of the platform is used but the names of two roles: this server has no API that serves its tables.
create table public.plans (id int primary key, price numeric not null);
create table public.scores (id int primary key, organization_id uuid not null);
grant select, insert on public.scores to authenticated, service_role;
