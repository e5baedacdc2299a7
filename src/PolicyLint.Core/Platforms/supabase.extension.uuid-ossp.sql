-- Stands in for uuid-ossp, which the platform has installed in schema extensions, where the server or the reader has it not.

create function extensions.uuid_generate_v4() returns uuid language sql volatile parallel safe as $$
  select gen_random_uuid()
$$;

-- Time-ordered in the original; what reads it here asks for no more than a new value each time.
create function extensions.uuid_generate_v1() returns uuid language sql volatile parallel safe as $$
  select gen_random_uuid()
$$;

create function extensions.uuid_nil() returns uuid language sql immutable strict parallel safe as $$
  select '00000000-0000-0000-0000-000000000000'::uuid
$$;

alter function extensions.uuid_generate_v4() owner to supabase_admin;
alter function extensions.uuid_generate_v1() owner to supabase_admin;
alter function extensions.uuid_nil() owner to supabase_admin;
