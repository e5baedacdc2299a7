-- For each of the 12 tables: add column, backfill via profiles, add index, verify.

-- clients
ALTER TABLE public.clients
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.clients x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_clients_tenant ON public.clients(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as clients_without_tenant
FROM clients
WHERE tenant_id IS NULL;

-- orders
ALTER TABLE public.orders
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.orders x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_orders_tenant ON public.orders(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as orders_without_tenant
FROM orders
WHERE tenant_id IS NULL;

-- properties
ALTER TABLE public.properties
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.properties x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_properties_tenant ON public.properties(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as properties_without_tenant
FROM properties
WHERE tenant_id IS NULL;

-- contacts
ALTER TABLE public.contacts
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.contacts x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_contacts_tenant ON public.contacts(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as contacts_without_tenant
FROM contacts
WHERE tenant_id IS NULL;

-- activities
ALTER TABLE public.activities
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.activities x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_activities_tenant ON public.activities(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as activities_without_tenant
FROM activities
WHERE tenant_id IS NULL;

-- deals
ALTER TABLE public.deals
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.deals x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_deals_tenant ON public.deals(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as deals_without_tenant
FROM deals
WHERE tenant_id IS NULL;

-- cases
ALTER TABLE public.cases
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.cases x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_cases_tenant ON public.cases(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as cases_without_tenant
FROM cases
WHERE tenant_id IS NULL;

-- tags
ALTER TABLE public.tags
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.tags x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_tags_tenant ON public.tags(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as tags_without_tenant
FROM tags
WHERE tenant_id IS NULL;

-- tasks
ALTER TABLE public.tasks
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.tasks x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_tasks_tenant ON public.tasks(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as tasks_without_tenant
FROM tasks
WHERE tenant_id IS NULL;

-- goals
ALTER TABLE public.goals
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.goals x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_goals_tenant ON public.goals(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as goals_without_tenant
FROM goals
WHERE tenant_id IS NULL;

-- agent_cards
ALTER TABLE public.agent_cards
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.agent_cards x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_agent_cards_tenant ON public.agent_cards(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as agent_cards_without_tenant
FROM agent_cards
WHERE tenant_id IS NULL;

-- chat_messages
ALTER TABLE public.chat_messages
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

UPDATE public.chat_messages x
SET tenant_id = p.tenant_id
FROM public.profiles p
WHERE x.org_id = p.id
AND x.tenant_id IS NULL;

CREATE INDEX idx_chat_messages_tenant ON public.chat_messages(tenant_id)
WHERE tenant_id IS NOT NULL;

SELECT COUNT(*) as chat_messages_without_tenant
FROM chat_messages
WHERE tenant_id IS NULL;
