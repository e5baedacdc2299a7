-- config: platform: supabase
begin;
set local session_replication_role = replica;
commit;
set role service_role;
reset role;
set role postgres;
