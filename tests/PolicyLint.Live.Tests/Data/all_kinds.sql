-- One of every kind of object that the catalog holds. Executed statement by statement; the tests say what has to come back.
create role kinds_owner nologin;
create role kinds_reader nologin noinherit;
create role kinds_admin login bypassrls;
grant kinds_reader to kinds_admin with admin option;
create schema app authorization kinds_owner;
grant usage on schema app to kinds_reader, public;
alter default privileges for role kinds_owner in schema app grant select, insert on tables to kinds_reader;
alter default privileges for role kinds_owner revoke execute on functions from public;

create type app.mood as enum ('sad', 'it''s ok', 'happy');
create type app.pair as (a integer, b app.mood);
create domain app.email as varchar(320) check (value like '%@%');
create type app.span as range (subtype = date);

create sequence app.numbers;
create function app.tenant() returns uuid language sql stable as $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;

create table app.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  parent uuid references app.tenants (id) on delete set null,
  unique nulls not distinct (name, parent)
);
comment on table app.tenants is 'who pays';

create table app.items (
  id bigint generated always as identity primary key,
  tenant_id uuid not null default app.tenant() references app.tenants on update cascade on delete cascade,
  code varchar(20) collate "C" not null check (length(code) > 2),
  price numeric(10, 2),
  doubled numeric generated always as (price * 2) stored,
  tags text[] default '{}',
  mood app.mood default 'happy',
  mail app.email,
  at timestamptz default now(),
  period daterange,
  constraint no_overlap exclude using gist (period with &&)
);
alter table app.items owner to kinds_owner;
alter table app.items enable row level security;
alter table app.items force row level security;
alter table app.items add constraint later foreign key (id) references app.items (id) not valid;
create unique index items_code on app.items (tenant_id, lower(code)) include (price) where price is not null;
create index items_tags on app.items using gin (tags);
create policy everyone on app.items;
create policy mine on app.items for select to kinds_reader, kinds_admin using (tenant_id = app.tenant());
create policy write on app.items as restrictive for insert with check (tenant_id = (select app.tenant()));
create policy change on app.items for update using (tenant_id = app.tenant()) with check (exists (select from app.tenants t where t.id = tenant_id));
create policy remove on app.items for delete using (false);
comment on policy mine on app.items is 'own rows';
grant select, insert on app.items to kinds_reader;
grant update on app.items to kinds_admin with grant option;
grant update (price, code) on app.items to kinds_reader;

create function app.touch() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.at := now();
  return new;
end
$$;
create trigger touch before insert or update of price, code on app.items for each row execute function app.touch();
create trigger wiped after truncate on app.items execute function app.touch();
alter table app.items disable trigger wiped;

create table app.events (at date not null, tenant_id uuid) partition by range (at);
create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01');
create table app.special_items (extra text) inherits (app.items);
create unlogged table app.noise (n integer);

create view app.open_items with (security_invoker = true, security_barrier) as select id, code as label from app.items where price > 0;
create view app.all_items as select * from app.items;
create materialized view app.totals as select tenant_id, sum(price) as total from app.items group by tenant_id;
create unique index totals_key on app.totals (tenant_id);

create function app.find(text, "limit" integer default 10, out id bigint, out label text) returns setof record
  language plpgsql immutable strict leakproof security definer set search_path = app, pg_temp set work_mem = '8MB' as $$
begin
  return query select i.id, i.code::text from app.items i limit "limit";
end
$$;
create function app.find(uuid) returns table (a integer, b text) language sql begin atomic select 1, 'x'; end;
create function app.many(variadic integer[]) returns setof integer language sql as 'select 1';
create procedure app.clean(inout n integer) language plpgsql as $$ begin n := 0; end $$;
revoke execute on function app.find(uuid) from public;
grant execute on function app.find(uuid) to kinds_reader;
