-- config: platform: supabase
create schema private;
create table private.plans (id int primary key, price numeric not null);
