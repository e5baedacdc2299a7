-- DO blocks, loops over queries and over WITH, dynamic SQL, and functions that the migration calls.
create table public.tenants (id uuid primary key);
create table public.notes (id uuid primary key, tenant_id uuid, title text);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy own on public.notes using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
do $$
declare
  r record;
  n int;
begin
  update public.notes set title = '' where title is null;
  --     ^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.notes
  for r in select id from public.notes where title is null loop
    --                    ^^^^^^^^^^^^ PL3017: This query reads no row of public.notes
    perform 1;
  end loop;
  for r in with changed as (update public.notes set title = '' returning id) select id from changed loop
    --                             ^^^^^^^^^^^^ PL3017: This UPDATE touches no row of public.notes
    perform 1;
  end loop;
  for r in execute 'delete from public.notes returning id' loop
-- ^^^ PL3017: This DELETE touches no row of public.notes
    perform 1;
  end loop;
  execute format('update %I.%I set title = %L', 'public', 'notes', '');
-- ^^^ PL3017: This UPDATE touches no row of public.notes
  select count(*) into n from public.notes where title is null;
  --                          ^^^^^^^^^^^^ PL3017: This query reads no row of public.notes
  if n > 0 then
    raise exception 'rows are left';
  end if;
end $$;

create function public.fill() returns void language sql as 'update public.notes set title = ''''';
select public.fill();
-- ^^^ PL3017: This UPDATE touches no row of public.notes
