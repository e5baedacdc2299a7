-- Outside a transaction: nothing here stops the writes for longer than a moment.

create index concurrently idx_profiles_tenant on public.profiles (tenant_id);
create unique index concurrently profiles_id_tenant_id_key on public.profiles (id, tenant_id);
alter table public.profiles add constraint profiles_id_tenant_id_key unique using index profiles_id_tenant_id_key;
alter table public.profiles validate constraint profiles_tenant_id_fkey;

create unique index concurrently clients_tenant_id_id_key on public.clients (tenant_id, id);
alter table public.clients add constraint clients_tenant_id_id_key unique using index clients_tenant_id_id_key;
create index concurrently idx_orders_tenant on public.orders (tenant_id);
create index concurrently idx_properties_tenant on public.properties (tenant_id);
create index concurrently idx_contacts_tenant on public.contacts (tenant_id);
create index concurrently idx_activities_tenant on public.activities (tenant_id);
create index concurrently idx_deals_tenant on public.deals (tenant_id);
create index concurrently idx_cases_tenant on public.cases (tenant_id);
create index concurrently idx_tags_tenant on public.tags (tenant_id);
create index concurrently idx_tasks_tenant on public.tasks (tenant_id);
create index concurrently idx_goals_tenant on public.goals (tenant_id);
create index concurrently idx_agent_cards_tenant on public.agent_cards (tenant_id);
create index concurrently idx_chat_messages_tenant on public.chat_messages (tenant_id);

-- A row stays in the tenant of its owner: what org_id let in, tenant_id lets in as well.
alter table public.clients add constraint clients_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.clients add constraint clients_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.clients validate constraint clients_tenant_id_fkey;
alter table public.clients validate constraint clients_org_tenant_fkey;
alter table public.orders add constraint orders_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.orders add constraint orders_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.orders validate constraint orders_tenant_id_fkey;
alter table public.orders validate constraint orders_org_tenant_fkey;
alter table public.properties add constraint properties_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.properties add constraint properties_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.properties validate constraint properties_tenant_id_fkey;
alter table public.properties validate constraint properties_org_tenant_fkey;
alter table public.contacts add constraint contacts_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.contacts add constraint contacts_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.contacts validate constraint contacts_tenant_id_fkey;
alter table public.contacts validate constraint contacts_org_tenant_fkey;
alter table public.activities add constraint activities_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.activities add constraint activities_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.activities validate constraint activities_tenant_id_fkey;
alter table public.activities validate constraint activities_org_tenant_fkey;
alter table public.deals add constraint deals_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.deals add constraint deals_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.deals validate constraint deals_tenant_id_fkey;
alter table public.deals validate constraint deals_org_tenant_fkey;
alter table public.cases add constraint cases_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.cases add constraint cases_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.cases validate constraint cases_tenant_id_fkey;
alter table public.cases validate constraint cases_org_tenant_fkey;
alter table public.tags add constraint tags_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.tags add constraint tags_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.tags validate constraint tags_tenant_id_fkey;
alter table public.tags validate constraint tags_org_tenant_fkey;
alter table public.tasks add constraint tasks_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.tasks add constraint tasks_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.tasks validate constraint tasks_tenant_id_fkey;
alter table public.tasks validate constraint tasks_org_tenant_fkey;
alter table public.goals add constraint goals_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.goals add constraint goals_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.goals validate constraint goals_tenant_id_fkey;
alter table public.goals validate constraint goals_org_tenant_fkey;
alter table public.agent_cards add constraint agent_cards_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.agent_cards add constraint agent_cards_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.agent_cards validate constraint agent_cards_tenant_id_fkey;
alter table public.agent_cards validate constraint agent_cards_org_tenant_fkey;
alter table public.chat_messages add constraint chat_messages_tenant_id_fkey
  foreign key (tenant_id) references public.tenants (id) not valid;
alter table public.chat_messages add constraint chat_messages_org_tenant_fkey
  foreign key (org_id, tenant_id) references public.profiles (id, tenant_id) not valid;
alter table public.chat_messages validate constraint chat_messages_tenant_id_fkey;
alter table public.chat_messages validate constraint chat_messages_org_tenant_fkey;

-- An order is for a client of the same tenant.
alter table public.orders add constraint orders_client_tenant_fkey
  foreign key (tenant_id, client_id) references public.clients (tenant_id, id) not valid;
alter table public.orders validate constraint orders_client_tenant_fkey;
