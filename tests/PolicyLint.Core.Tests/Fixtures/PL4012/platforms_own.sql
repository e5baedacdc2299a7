-- config: platform: supabase
alter default privileges for role postgres in schema public grant all on tables to postgres, anon, authenticated, service_role;
create schema api;
alter default privileges in schema api grant select on tables to anon, authenticated;
-- ^^^ PL4012: Every new table in api is granted to anon (select)
alter default privileges in schema api grant execute on functions to anon;
