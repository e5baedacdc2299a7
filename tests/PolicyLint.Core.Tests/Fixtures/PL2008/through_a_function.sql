create function public.role_of_token() returns text language plpgsql stable as $$
declare claims jsonb;
begin
  claims := auth.jwt();
  return claims -> 'user_metadata' ->> 'role';
end
$$;
create function public.is_admin() returns boolean language sql stable as $$ select public.role_of_token() = 'admin' $$;
create table public.a (id uuid primary key);
create policy p on public.a using ((select public.is_admin()));
--                                         ^^^^^^^^^^^^^^^^^ PL2008: decides by user_metadata, which public.is_admin reads
