-- The tenant of every row is the tenant of the profile that owns it.

begin;

alter table public.clients add column tenant_id uuid;
update public.clients x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.orders add column tenant_id uuid;
update public.orders x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.properties add column tenant_id uuid;
update public.properties x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.contacts add column tenant_id uuid;
update public.contacts x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.activities add column tenant_id uuid;
update public.activities x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.deals add column tenant_id uuid;
update public.deals x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.cases add column tenant_id uuid;
update public.cases x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.tags add column tenant_id uuid;
update public.tags x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.tasks add column tenant_id uuid;
update public.tasks x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.goals add column tenant_id uuid;
update public.goals x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.agent_cards add column tenant_id uuid;
update public.agent_cards x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

alter table public.chat_messages add column tenant_id uuid;
update public.chat_messages x
set tenant_id = p.tenant_id
from public.profiles p
where p.id = x.org_id and x.tenant_id is null;

do $$
begin
  if exists (select 1 from public.clients where tenant_id is null) then
    raise exception 'clients: a row is left without a tenant';
  end if;
  if exists (select 1 from public.orders where tenant_id is null) then
    raise exception 'orders: a row is left without a tenant';
  end if;
  if exists (select 1 from public.properties where tenant_id is null) then
    raise exception 'properties: a row is left without a tenant';
  end if;
  if exists (select 1 from public.contacts where tenant_id is null) then
    raise exception 'contacts: a row is left without a tenant';
  end if;
  if exists (select 1 from public.activities where tenant_id is null) then
    raise exception 'activities: a row is left without a tenant';
  end if;
  if exists (select 1 from public.deals where tenant_id is null) then
    raise exception 'deals: a row is left without a tenant';
  end if;
  if exists (select 1 from public.cases where tenant_id is null) then
    raise exception 'cases: a row is left without a tenant';
  end if;
  if exists (select 1 from public.tags where tenant_id is null) then
    raise exception 'tags: a row is left without a tenant';
  end if;
  if exists (select 1 from public.tasks where tenant_id is null) then
    raise exception 'tasks: a row is left without a tenant';
  end if;
  if exists (select 1 from public.goals where tenant_id is null) then
    raise exception 'goals: a row is left without a tenant';
  end if;
  if exists (select 1 from public.agent_cards where tenant_id is null) then
    raise exception 'agent_cards: a row is left without a tenant';
  end if;
  if exists (select 1 from public.chat_messages where tenant_id is null) then
    raise exception 'chat_messages: a row is left without a tenant';
  end if;
end
$$;

alter table public.clients alter column tenant_id set not null;
alter table public.orders alter column tenant_id set not null;
alter table public.properties alter column tenant_id set not null;
alter table public.contacts alter column tenant_id set not null;
alter table public.activities alter column tenant_id set not null;
alter table public.deals alter column tenant_id set not null;
alter table public.cases alter column tenant_id set not null;
alter table public.tags alter column tenant_id set not null;
alter table public.tasks alter column tenant_id set not null;
alter table public.goals alter column tenant_id set not null;
alter table public.agent_cards alter column tenant_id set not null;
alter table public.chat_messages alter column tenant_id set not null;

commit;
