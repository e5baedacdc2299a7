-- A tenant for every user, and every profile in the tenant of its user.

begin;

create schema private;
grant usage on schema private to authenticated;

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  type text not null default 'internal' check (type in (
    'lender', 'investor', 'amc', 'attorney', 'accountant', 'borrower', 'internal'
  )),
  owner_id uuid not null,
  theme_settings jsonb not null default '{"primaryColor": "#3b82f6", "logo": null}'::jsonb,
  sla_settings jsonb not null default '{"standard_turnaround_days": 7, "rush_turnaround_days": 3}'::jsonb,
  settings jsonb not null default '{}'::jsonb,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tenants_owner_id_key unique (owner_id),
  -- Signing up makes the tenant first and the profile in it after, in one transaction.
  constraint tenants_owner_id_fkey foreign key (owner_id) references public.profiles (id) deferrable initially deferred
);

set constraints public.tenants_owner_id_fkey immediate;

insert into public.tenants (name, type, owner_id)
select coalesce(p.name || '''s Organization', 'Organization'), 'internal', p.id
from public.profiles p
on conflict (owner_id) do nothing;

alter table public.tenants enable row level security;
alter table public.tenants force row level security;
revoke all on public.tenants from anon, authenticated;
grant select on public.tenants to authenticated;

alter table public.profiles add column tenant_id uuid;
alter table public.profiles
  add constraint profiles_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) not valid;

update public.profiles p
set tenant_id = t.id
from public.tenants t
where t.owner_id = p.id and p.tenant_id is null;

do $$
begin
  if exists (select 1 from public.profiles where tenant_id is null) then
    raise exception 'a profile is left without a tenant';
  end if;
end
$$;

alter table public.profiles alter column tenant_id set not null;

-- The policies ask this function and not profiles itself, whose own policies would ask again.
create function private.current_tenant_id() returns uuid
language sql stable security definer set search_path = ''
as $$
  select p.tenant_id from public.profiles p where p.id = (select auth.uid())
$$;

revoke all on function private.current_tenant_id() from public;
grant execute on function private.current_tenant_id() to authenticated;

create policy "Users can view their own tenant" on public.tenants
  for select to authenticated
  using (id = (select private.current_tenant_id()) or owner_id = (select auth.uid()));

commit;
