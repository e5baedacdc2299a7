create function public.a(t text, v text) returns void language plpgsql as $$
begin
  execute format('update %I set note = %L', t, v);
  execute 'update ' || quote_ident(t) || ' set note = ' || quote_literal(v);
  execute 'update notes set note = $1' using v;
end
$$;
create function public.b(t regclass, n int, id uuid) returns void language plpgsql as $$
begin
  execute format('select * from %s limit %s', t, n) || id;
end
$$;
create function public.c(sort text) returns void language plpgsql as $$
begin
  if sort not in ('name', 'date') then
    raise exception 'no such column';
  end if;
  execute 'select * from notes order by ' || sort;
end
$$;
create function public.d(sort text) returns void language plpgsql as $$
declare direction text := case when sort = 'up' then 'asc' else 'desc' end;
begin
  execute 'select * from notes order by id ' || direction;
end
$$;
create function public.e(sort text) returns void language plpgsql as $$ begin execute 'select ' || sort; end $$;
revoke execute on function public.e(text) from public;
create function public.f() returns trigger language plpgsql as $$ begin execute 'analyze ' || tg_argv[0]; return new; end $$;
