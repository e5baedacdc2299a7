-- The roles of a Supabase project, in plain CREATE ROLE: roles belong to the whole cluster, so whoever executes this file on a
-- server passes over "already exists" (42710). The replay reads it as it stands.

-- Migrations run as postgres, which owns what they create and is not held by row-level security.
create role postgres login createdb createrole replication bypassrls;

-- The three roles that a request to the API runs as.
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

-- The API server logs in as authenticator and becomes one of the three per request (SET LOCAL ROLE).
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;

-- The platform's own services and the people who operate it.
create role supabase_admin login superuser createdb createrole replication bypassrls;
create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
create role supabase_functions_admin login noinherit createrole;
create role supabase_replication_admin login replication;
create role supabase_read_only_user login bypassrls;
create role dashboard_user nologin createdb createrole replication;
create role pgbouncer login;

-- The storage server acts as the caller, and postgres may act as any of them.
grant anon, authenticated, service_role to supabase_storage_admin;
grant anon, authenticated, service_role, authenticator to postgres;
grant supabase_auth_admin, supabase_storage_admin, supabase_functions_admin, supabase_realtime_admin to postgres;
