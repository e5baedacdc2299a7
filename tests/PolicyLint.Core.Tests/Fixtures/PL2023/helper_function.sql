-- What policies go by is asked in a helper.
create table public.rooms (id bigint primary key);
alter table public.rooms enable row level security;
create table public.participants (id bigint primary key, room_id bigint not null references public.rooms (id), user_id uuid not null);
create index on public.participants (user_id, room_id);
alter table public.participants enable row level security;
create function public.is_in(room bigint) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select 1 from public.participants p where p.room_id = room and p.user_id = auth.uid())
$$;
create policy own on public.participants for select to authenticated using (user_id = (select auth.uid()));
create policy enter on public.participants for insert to authenticated with check (user_id = (select auth.uid()));
--                                                                                 ^^^^^^^ PL2023: authenticated may insert an own row into public.participants with any room_id: that makes a member of it, which public.is_in() goes by
create policy inside on public.rooms for select to authenticated using (public.is_in(id));
