-- The loop's list comes from a table: which policies it writes is not known.
create table public.notes (id uuid primary key);
alter table public.notes enable row level security;
do $$
declare t record;
begin
  for t in select ddl from public.policy_scripts loop
    execute t.ddl;
  end loop;
end
$$;
