begin;

alter table platform.users add column active_org_id uuid;

-- An organization that is gone, or that the user has left, is nobody's active one.
alter table platform.users
  add constraint users_active_org_id_fkey foreign key (active_org_id)
  references platform.organizations (id) on delete set null not valid;
alter table platform.users
  add constraint users_active_membership_fkey foreign key (id, active_org_id)
  references platform.organization_members (user_id, organization_id) on delete set null (active_org_id) not valid;

alter table platform.users no force row level security;
alter table platform.organization_members no force row level security;

do $$
begin
  update platform.users u
  set active_org_id = (
    select m.organization_id
    from platform.organization_members m
    where m.user_id = u.id
    order by m.joined_at, m.organization_id
    limit 1
  )
  where u.active_org_id is null;

  if exists (
    select from platform.users u
    join platform.organization_members m on m.user_id = u.id
    where u.active_org_id is null
  ) then
    raise exception 'a member of an organization is left without an active one';
  end if;
end
$$;

alter table platform.users force row level security;
alter table platform.organization_members force row level security;

create function platform.set_user_active_org(p_org_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
begin
  update platform.users
  set active_org_id = p_org_id, updated_at = now()
  where id = (select nullif(current_setting('app.user_id', true), '')::uuid);
  return found;
exception when foreign_key_violation then
  return false;
end
$$;

create function platform.get_user_active_org() returns uuid
language sql stable set search_path = ''
as $$
  select u.active_org_id from platform.users u
  where u.id = (select nullif(current_setting('app.user_id', true), '')::uuid)
$$;

revoke all on function platform.set_user_active_org(uuid), platform.get_user_active_org() from public;
grant execute on function platform.set_user_active_org(uuid), platform.get_user_active_org() to studio_app;
grant update (active_org_id) on platform.users to studio_app;

commit;
