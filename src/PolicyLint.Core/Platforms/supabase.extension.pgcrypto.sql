-- Stands in for pgcrypto, which the platform has installed in schema extensions, where the server or the reader has it not.
-- Signatures and volatility are the original's. Hashes come from what PostgreSQL has built in; nothing here is fit to guard a secret.

create function extensions.digest(data text, type text) returns bytea language sql immutable strict parallel safe as $$
  select case lower(type)
    when 'sha224' then sha224(convert_to(data, 'UTF8'))
    when 'sha256' then sha256(convert_to(data, 'UTF8'))
    when 'sha384' then sha384(convert_to(data, 'UTF8'))
    when 'sha512' then sha512(convert_to(data, 'UTF8'))
    when 'md5' then decode(md5(data), 'hex')
  end
$$;

create function extensions.digest(data bytea, type text) returns bytea language sql immutable strict parallel safe as $$
  select case lower(type)
    when 'sha224' then sha224(data)
    when 'sha256' then sha256(data)
    when 'sha384' then sha384(data)
    when 'sha512' then sha512(data)
    when 'md5' then decode(md5(data), 'hex')
  end
$$;

create function extensions.gen_salt(type text) returns text language sql volatile strict parallel safe as $$
  select '$' || type || '$' || replace(gen_random_uuid()::text, '-', '')
$$;

create function extensions.gen_salt(type text, iter_count integer) returns text language sql volatile strict parallel safe as $$
  select '$' || type || '$' || iter_count || '$' || replace(gen_random_uuid()::text, '-', '')
$$;

-- Keeps the original's property that crypt(password, stored) = stored exactly when the password is the one that was stored.
create function extensions.crypt(password text, salt text) returns text language sql immutable strict parallel safe as $$
  select bare || '$' || encode(sha256(convert_to(bare || password, 'UTF8')), 'hex')
  from (select coalesce(substring(salt from '^(.*[$][0-9a-f]{32})[$]'), salt) as bare) as s
$$;

create function extensions.gen_random_bytes(count integer) returns bytea language sql volatile strict parallel safe as $$
  select substring(sha512(uuid_send(gen_random_uuid())) || sha512(uuid_send(gen_random_uuid())) from 1 for count)
$$;

create function extensions.gen_random_uuid() returns uuid language sql volatile parallel safe as $$
  select pg_catalog.gen_random_uuid()
$$;

alter function extensions.digest(text, text) owner to supabase_admin;
alter function extensions.digest(bytea, text) owner to supabase_admin;
alter function extensions.gen_salt(text) owner to supabase_admin;
alter function extensions.gen_salt(text, integer) owner to supabase_admin;
alter function extensions.crypt(text, text) owner to supabase_admin;
alter function extensions.gen_random_bytes(integer) owner to supabase_admin;
alter function extensions.gen_random_uuid() owner to supabase_admin;
