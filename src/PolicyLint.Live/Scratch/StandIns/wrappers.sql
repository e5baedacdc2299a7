-- Stands in for Supabase's wrappers: the handlers and validators that foreign data wrappers are made of, so that servers and foreign tables can
-- be made. No foreign table can be read.
create table wrappers_fdw_stats (
  fdw_name text not null primary key, create_times bigint, rows_in bigint, rows_out bigint, bytes_in bigint, bytes_out bigint, metadata jsonb,
  created_at timestamptz not null default timezone('utc', now()), updated_at timestamptz not null default timezone('utc', now())
);

declare
  wrapper text;
begin
  foreach wrapper in array array[
    'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'firebase', 'iceberg', 'logflare', 'mssql', 'redis', 's3', 's3_vectors', 'stripe', 'wasm']
  loop
    execute format('create function %I() returns fdw_handler language internal strict as ''hashhandler''', wrapper || '_fdw_handler');
    execute format('create function %I(options text[], catalog oid) returns void language plpgsql as ''begin end''', wrapper || '_fdw_validator');
  end loop;
end;
