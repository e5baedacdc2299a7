-- config: platform: supabase
create table public.notes (id uuid primary key, user_id uuid not null);
create function public.handle_new_user() returns trigger language plpgsql security definer set search_path = '' as $$ begin insert into public.notes values (new.id, new.id); return new; end $$;
create function public.add_note() returns void language sql security definer set search_path = '' as $$ insert into public.notes values (gen_random_uuid(), auth.uid()) $$;
create function public.count_notes() returns bigint language sql security definer set search_path = '' as $$ select count(*) from public.notes $$;
create function public.purge() returns void language sql security definer set search_path = '' as $$ delete from public.notes $$;
-- ^^^ PL4007: PUBLIC may execute public.purge
create function public.dynamic(t text) returns void language plpgsql security definer set search_path = '' as $$ begin execute format('delete from %I', t); end $$;
create schema private;
create function private.purge() returns void language sql security definer set search_path = '' as $$ delete from public.notes $$;
create function public.clean_up() returns void language sql security definer set search_path = '' as $$ delete from public.notes where id is null $$;
create function public.accept(invite_token text) returns void language sql security definer set search_path = '' as $$ update public.notes set user_id = id $$;
