-- Held to a real server by the fidelity test: partitions, inheritance, what belongs to a role, temporary objects.
create role first_owner;
create role second_owner;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;

create table events (id int not null, at date not null, kind text, check (id > 0), primary key (id, at)) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01') partition by range (id);
create table events_2024_low partition of events_2024 for values from (0) to (100);
create trigger touched before update on events for each row execute function touch();
create trigger per_statement after insert on events for each statement execute function touch();
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 (like events including all);
alter table events attach partition events_2026 for values from ('2026-01-01') to ('2027-01-01');
create trigger dropped before insert on events for each row execute function touch();
drop trigger dropped on events;
alter table events detach partition events_2025;

create table targets (a int, b int, primary key (a, b));
create table sources (a int, b int, foreign key (a, b) references targets) partition by list (a);
create table sources_1 partition of sources for values in (1);
drop table sources, targets;

create table parent (a int, check (a > 1) no inherit, check (a < 100), check (a <> 7) not valid);
create table child (b int) inherits (parent);
alter table parent add constraint alone check (a <> 5) no inherit;

create schema of_second authorization second_owner;
create table owned (id int);
alter table owned owner to second_owner;
create table shared (id int, secret text);
grant select, update on shared to first_owner, second_owner;
grant select (secret) on shared to second_owner;
grant execute on function touch() to second_owner;
create policy two on shared to first_owner, second_owner using (true);
create policy one on shared to second_owner using (true);
create function of_second.f() returns int language sql as $$ select 1 $$;
reassign owned by first_owner to second_owner;
drop owned by second_owner cascade;

create temp table passing (id int);
create view over_passing as select * from passing;
create view lasting as select * from shared;
