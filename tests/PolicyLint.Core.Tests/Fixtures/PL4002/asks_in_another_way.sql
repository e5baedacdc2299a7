create table public.notes (id uuid primary key, user_id uuid not null, slug text, credits int, published boolean);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
create function public.is_admin() returns boolean language sql stable security definer set search_path = '' as $$ select auth.jwt() -> 'app_metadata' ->> 'role' = 'admin' $$;
create function public.guarded(p_user uuid) returns setof public.notes language plpgsql security definer set search_path = '' as $$
begin
  if not public.is_admin() then raise exception 'no'; end if;
  return query select * from public.notes where user_id = p_user;
end
$$;
create function public.revoked(p_user uuid) returns setof public.notes language sql security definer set search_path = '' as $$ select * from public.notes where user_id = p_user $$;
revoke execute on function public.revoked(uuid) from public, anon, authenticated;
create function public.is_owner(p_user uuid) returns boolean language sql security definer set search_path = '' as $$ select exists (select 1 from public.notes where user_id = p_user) $$;
create function public.published() returns setof public.notes language sql security definer set search_path = '' as $$ select * from public.notes where published $$;
create function public.by_slug(p_slug text) returns setof public.notes language sql security definer set search_path = '' as $$ select * from public.notes where slug = p_slug $$;
create function public.total() returns table (n bigint) language sql security definer set search_path = '' as $$ select count(*) from public.notes $$;
create function public.on_insert() returns trigger language plpgsql security definer set search_path = '' as $$ begin update public.notes set credits = 0 where user_id = new.user_id; return new; end $$;
create schema private;
create function private.everything() returns setof public.notes language sql security definer set search_path = '' as $$ select * from public.notes $$;
create function public.invoker(p_user uuid) returns setof public.notes language sql as $$ select * from public.notes where user_id = p_user $$;
