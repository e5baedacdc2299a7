create table public.notes (id uuid primary key, user_id uuid not null, slug text, credits int, published boolean);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
create function public.everything() returns setof public.notes language sql security definer set search_path = '' as $$ select * from public.notes $$;
--                                                                                                                                    ^^^^^^^^^^^^ PL4002: public.everything returns every row of public.notes
create function public.add_credits(p_user uuid, n int) returns void language plpgsql security definer set search_path = '' as $$
begin
  update public.notes set credits = credits + n where user_id = p_user;
--       ^^^^^^^^^^^^ PL4002: public.add_credits changes the rows of public.notes whose user_id its caller names
end
$$;
create function public.numbered(uuid) returns void language sql security definer set search_path = '' as $$ delete from public.notes where user_id = $1 $$;
--                                                                                                                      ^^^^^^^^^^^^ PL4002: public.numbered deletes the rows of public.notes whose user_id its caller names
create function public.returned(p_user uuid) returns setof public.notes language plpgsql security definer set search_path = '' as $$
begin
  return query select n.* from public.notes n where n.user_id = p_user;
--                             ^^^^^^^^^^^^ PL4002: public.returned returns the rows of public.notes whose user_id its caller names
end
$$;
