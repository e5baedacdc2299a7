create role worker bypassrls;
create role app;
set row_security = off;
-- ^^^ PL4010: row_security = off makes queries that a policy would filter fail
alter role app set session_replication_role = 'replica';
-- ^^^ PL4010: for every session of app
create function public.a() returns void language sql set row_security = off as $$ select 1 $$;
-- ^^^ PL4010: while public.a runs
create function public.b() returns void language plpgsql as $$
begin
  perform set_config('role', 'worker', true);
--        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL4010: SET ROLE worker leaves row-level security behind in public.b
end
$$;
create function public.definer() returns void language sql security definer set search_path = '' set row_security = off as $$ select 1 $$;
create function public.replaced() returns void language sql set row_security = off as $$ select 1 $$;
create or replace function public.replaced() returns void language sql as $$ select 1 $$;
set role app;
