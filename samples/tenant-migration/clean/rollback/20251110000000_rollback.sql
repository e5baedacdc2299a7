-- Back to own rows: the policies that were there before, and nothing wider.

begin;

drop policy "Users can view profiles of their team" on public.profiles;
drop policy "Users can update their profile" on public.profiles;
create policy "Users can view their own profile" on public.profiles
  for select to authenticated using (id = (select auth.uid()));
create policy "Users can update their own profile" on public.profiles
  for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));

drop policy "Users can view their clients" on public.clients;
drop policy "Users can insert clients" on public.clients;
drop policy "Users can update their clients" on public.clients;
drop policy "Users can delete their clients" on public.clients;
create policy "Authenticated users can view clients" on public.clients
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert clients" on public.clients
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update clients" on public.clients
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete clients" on public.clients
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their orders" on public.orders;
drop policy "Users can insert orders" on public.orders;
drop policy "Users can update their orders" on public.orders;
drop policy "Users can delete their orders" on public.orders;
create policy "Authenticated users can view orders" on public.orders
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert orders" on public.orders
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update orders" on public.orders
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete orders" on public.orders
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their properties" on public.properties;
drop policy "Users can insert properties" on public.properties;
drop policy "Users can update their properties" on public.properties;
drop policy "Users can delete their properties" on public.properties;
create policy "Authenticated users can view properties" on public.properties
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert properties" on public.properties
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update properties" on public.properties
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete properties" on public.properties
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their contacts" on public.contacts;
drop policy "Users can insert contacts" on public.contacts;
drop policy "Users can update their contacts" on public.contacts;
drop policy "Users can delete their contacts" on public.contacts;
create policy "Authenticated users can view contacts" on public.contacts
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert contacts" on public.contacts
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update contacts" on public.contacts
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete contacts" on public.contacts
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their activities" on public.activities;
drop policy "Users can insert activities" on public.activities;
drop policy "Users can update their activities" on public.activities;
drop policy "Users can delete their activities" on public.activities;
create policy "Authenticated users can view activities" on public.activities
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert activities" on public.activities
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update activities" on public.activities
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete activities" on public.activities
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their deals" on public.deals;
drop policy "Users can insert deals" on public.deals;
drop policy "Users can update their deals" on public.deals;
drop policy "Users can delete their deals" on public.deals;
create policy "Authenticated users can view deals" on public.deals
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert deals" on public.deals
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update deals" on public.deals
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete deals" on public.deals
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their cases" on public.cases;
drop policy "Users can insert cases" on public.cases;
drop policy "Users can update their cases" on public.cases;
drop policy "Users can delete their cases" on public.cases;
create policy "Authenticated users can view cases" on public.cases
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert cases" on public.cases
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update cases" on public.cases
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete cases" on public.cases
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their tags" on public.tags;
drop policy "Users can insert tags" on public.tags;
drop policy "Users can update their tags" on public.tags;
drop policy "Users can delete their tags" on public.tags;
create policy "Authenticated users can view tags" on public.tags
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert tags" on public.tags
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update tags" on public.tags
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete tags" on public.tags
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their tasks" on public.tasks;
drop policy "Users can insert tasks" on public.tasks;
drop policy "Users can update their tasks" on public.tasks;
drop policy "Users can delete their tasks" on public.tasks;
create policy "Authenticated users can view tasks" on public.tasks
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert tasks" on public.tasks
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update tasks" on public.tasks
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete tasks" on public.tasks
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their goals" on public.goals;
drop policy "Users can insert goals" on public.goals;
drop policy "Users can update their goals" on public.goals;
drop policy "Users can delete their goals" on public.goals;
create policy "Authenticated users can view goals" on public.goals
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert goals" on public.goals
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update goals" on public.goals
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete goals" on public.goals
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their agent cards" on public.agent_cards;
drop policy "Users can insert agent cards" on public.agent_cards;
drop policy "Users can update their agent cards" on public.agent_cards;
drop policy "Users can delete their agent cards" on public.agent_cards;
create policy "Authenticated users can view agent cards" on public.agent_cards
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert agent cards" on public.agent_cards
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update agent cards" on public.agent_cards
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete agent cards" on public.agent_cards
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their chat messages" on public.chat_messages;
drop policy "Users can insert chat messages" on public.chat_messages;
drop policy "Users can update their chat messages" on public.chat_messages;
drop policy "Users can delete their chat messages" on public.chat_messages;
create policy "Authenticated users can view chat messages" on public.chat_messages
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert chat messages" on public.chat_messages
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update chat messages" on public.chat_messages
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete chat messages" on public.chat_messages
  for delete to authenticated using (org_id = (select auth.uid()));

drop policy "Users can view their own tenant" on public.tenants;
drop function private.current_tenant_id();
drop schema private;

alter table public.chat_messages drop column tenant_id;
alter table public.agent_cards drop column tenant_id;
alter table public.goals drop column tenant_id;
alter table public.tasks drop column tenant_id;
alter table public.tags drop column tenant_id;
alter table public.cases drop column tenant_id;
alter table public.deals drop column tenant_id;
alter table public.activities drop column tenant_id;
alter table public.contacts drop column tenant_id;
alter table public.properties drop column tenant_id;
alter table public.orders drop column tenant_id;
alter table public.clients drop column tenant_id;
alter table public.profiles drop column tenant_id;
drop table public.tenants;

commit;
