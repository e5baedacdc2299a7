create function public.a(query text) returns void language plpgsql security definer set search_path = '' as $$
begin
  execute query;
--        ^^^^^ PL4011: public.a executes its argument query: its caller writes SQL that runs as the function's owner
end
$$;
create function public.b(t text) returns void language plpgsql as $$
declare command text;
begin
  command := 'truncate ' || t;
  execute command;
--        ^^^^^^^ PL4011: public.b executes text that holds its argument t
end
$$;
create function public.c(id uuid, filters jsonb) returns setof int language plpgsql as $$
declare where_part text := ' where ';
begin
  if filters ->> 'name' <> '' then
    where_part := where_part || (filters ->> 'name');
  end if;
  return query execute format('select n from notes %2$s and id = %1$L', id, where_part);
--                     ^^^^^^ PL4011: public.c executes text that holds its argument filters
end
$$;
create function public.d(text) returns void language plpgsql as $$
begin
  execute concat('select ', $1);
--        ^^^^^^ PL4011: public.d executes text that holds its argument $1
end
$$;
