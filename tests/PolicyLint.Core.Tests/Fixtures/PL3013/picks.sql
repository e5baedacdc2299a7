-- One row of the other table, or no difference which one.
create table public.plans (id uuid primary key, name text unique, team uuid, rank int);
create unique index plans_first on public.plans (team) where rank = 1;
create table public.notes (id uuid primary key, plan uuid, team uuid, seen boolean);
update public.notes n set plan = p.id from public.plans p where p.name = 'free';
update public.notes n set plan = p.id from public.plans p where p.team = n.team and p.rank = 1;
create unique index plans_rank on public.plans (team, rank);
update public.notes n set plan = p.id from public.plans p where coalesce(p.team, n.id) = n.team and p.rank = 2;
update public.notes n set seen = true from public.plans p where p.team = n.team;
update public.notes set plan = (select id from public.plans order by rank, id limit 1);
update public.notes set plan = (select id from public.plans where name = 'free' limit 1);
update public.notes set plan = (select id from public.plans limit 1);
--                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL3013: LIMIT 1 without ORDER BY picks any row of public.plans
update public.notes n set plan = p.id from public.plans p where p.rank = 1 and n.plan is null;
--                                         ^^^^^^^^^^^^^^ PL3013: Several rows of public.plans may match one row of public.notes
insert into public.notes (id, plan) values (gen_random_uuid(), (select id from public.plans where rank = 1 limit 1));
--                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL3013: LIMIT 1 without ORDER BY
