create table public.members (org_id uuid not null, user_id uuid not null);
create function public.is_member(org_id uuid) returns boolean language sql stable security definer set search_path = ''
  as $$ select exists (select 1 from public.members where org_id = org_id and user_id = auth.uid()) $$;
--                                                        ^^^^^^^^^^^^^^^ PL2019: org_id means members.org_id and not the parameter
create function public.is_member_qualified(org_id uuid) returns boolean language sql stable security definer set search_path = ''
  as $$ select exists (select 1 from public.members m where m.org_id = is_member_qualified.org_id and m.user_id = auth.uid()) $$;
create function public.is_member_named(p_org uuid) returns boolean language sql stable security definer set search_path = ''
  as $$ select exists (select 1 from public.members m where m.org_id = p_org and m.user_id = auth.uid()) $$;
