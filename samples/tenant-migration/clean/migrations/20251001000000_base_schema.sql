-- The brokerage before teams: org_id is the profile that owns the row.

begin;

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text,
  email text,
  avatar_url text,
  created_at timestamptz not null default now()
);

alter table public.profiles enable row level security;
alter table public.profiles force row level security;
revoke all on public.profiles from anon, authenticated;
grant select, update (name, avatar_url) on public.profiles to authenticated;

create policy "Users can view their own profile" on public.profiles
  for select to authenticated using (id = (select auth.uid()));
create policy "Users can update their own profile" on public.profiles
  for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));

create table public.clients (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  name text not null,
  email text,
  phone text,
  created_at timestamptz not null default now()
);
create index idx_clients_org on public.clients (org_id);

alter table public.clients enable row level security;
alter table public.clients force row level security;
revoke all on public.clients from anon, authenticated;
grant select, insert, update, delete on public.clients to authenticated;

create policy "Authenticated users can view clients" on public.clients
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert clients" on public.clients
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update clients" on public.clients
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete clients" on public.clients
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.orders (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  client_id uuid not null references public.clients (id),
  number text not null,
  status text not null default 'new',
  amount numeric(12, 2) not null default 0,
  created_at timestamptz not null default now()
);
create index idx_orders_org on public.orders (org_id);

alter table public.orders enable row level security;
alter table public.orders force row level security;
revoke all on public.orders from anon, authenticated;
grant select, insert, update, delete on public.orders to authenticated;

create policy "Authenticated users can view orders" on public.orders
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert orders" on public.orders
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update orders" on public.orders
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete orders" on public.orders
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.properties (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  address text not null,
  city text not null,
  state text,
  created_at timestamptz not null default now()
);
create index idx_properties_org on public.properties (org_id);

alter table public.properties enable row level security;
alter table public.properties force row level security;
revoke all on public.properties from anon, authenticated;
grant select, insert, update, delete on public.properties to authenticated;

create policy "Authenticated users can view properties" on public.properties
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert properties" on public.properties
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update properties" on public.properties
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete properties" on public.properties
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  name text not null,
  email text,
  created_at timestamptz not null default now()
);
create index idx_contacts_org on public.contacts (org_id);

alter table public.contacts enable row level security;
alter table public.contacts force row level security;
revoke all on public.contacts from anon, authenticated;
grant select, insert, update, delete on public.contacts to authenticated;

create policy "Authenticated users can view contacts" on public.contacts
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert contacts" on public.contacts
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update contacts" on public.contacts
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete contacts" on public.contacts
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.activities (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  kind text not null,
  note text,
  happened_at timestamptz not null default now()
);
create index idx_activities_org on public.activities (org_id);

alter table public.activities enable row level security;
alter table public.activities force row level security;
revoke all on public.activities from anon, authenticated;
grant select, insert, update, delete on public.activities to authenticated;

create policy "Authenticated users can view activities" on public.activities
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert activities" on public.activities
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update activities" on public.activities
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete activities" on public.activities
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.deals (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  title text not null,
  stage text not null default 'open',
  value numeric(12, 2),
  created_at timestamptz not null default now()
);
create index idx_deals_org on public.deals (org_id);

alter table public.deals enable row level security;
alter table public.deals force row level security;
revoke all on public.deals from anon, authenticated;
grant select, insert, update, delete on public.deals to authenticated;

create policy "Authenticated users can view deals" on public.deals
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert deals" on public.deals
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update deals" on public.deals
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete deals" on public.deals
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.cases (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  title text not null,
  status text not null default 'open',
  created_at timestamptz not null default now()
);
create index idx_cases_org on public.cases (org_id);

alter table public.cases enable row level security;
alter table public.cases force row level security;
revoke all on public.cases from anon, authenticated;
grant select, insert, update, delete on public.cases to authenticated;

create policy "Authenticated users can view cases" on public.cases
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert cases" on public.cases
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update cases" on public.cases
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete cases" on public.cases
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.tags (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  name text not null,
  color text
);
create index idx_tags_org on public.tags (org_id);

alter table public.tags enable row level security;
alter table public.tags force row level security;
revoke all on public.tags from anon, authenticated;
grant select, insert, update, delete on public.tags to authenticated;

create policy "Authenticated users can view tags" on public.tags
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert tags" on public.tags
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update tags" on public.tags
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete tags" on public.tags
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.tasks (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  title text not null,
  due_date date,
  is_done boolean not null default false
);
create index idx_tasks_org on public.tasks (org_id);

alter table public.tasks enable row level security;
alter table public.tasks force row level security;
revoke all on public.tasks from anon, authenticated;
grant select, insert, update, delete on public.tasks to authenticated;

create policy "Authenticated users can view tasks" on public.tasks
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert tasks" on public.tasks
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update tasks" on public.tasks
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete tasks" on public.tasks
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.goals (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  title text not null,
  target numeric(12, 2),
  year integer not null
);
create index idx_goals_org on public.goals (org_id);

alter table public.goals enable row level security;
alter table public.goals force row level security;
revoke all on public.goals from anon, authenticated;
grant select, insert, update, delete on public.goals to authenticated;

create policy "Authenticated users can view goals" on public.goals
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert goals" on public.goals
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update goals" on public.goals
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete goals" on public.goals
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.agent_cards (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  title text not null,
  config jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now()
);
create index idx_agent_cards_org on public.agent_cards (org_id);

alter table public.agent_cards enable row level security;
alter table public.agent_cards force row level security;
revoke all on public.agent_cards from anon, authenticated;
grant select, insert, update, delete on public.agent_cards to authenticated;

create policy "Authenticated users can view agent cards" on public.agent_cards
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert agent cards" on public.agent_cards
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update agent cards" on public.agent_cards
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete agent cards" on public.agent_cards
  for delete to authenticated using (org_id = (select auth.uid()));

create table public.chat_messages (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references public.profiles (id),
  role text not null,
  content text not null,
  created_at timestamptz not null default now()
);
create index idx_chat_messages_org on public.chat_messages (org_id);

alter table public.chat_messages enable row level security;
alter table public.chat_messages force row level security;
revoke all on public.chat_messages from anon, authenticated;
grant select, insert, update, delete on public.chat_messages to authenticated;

create policy "Authenticated users can view chat messages" on public.chat_messages
  for select to authenticated using (org_id = (select auth.uid()));
create policy "Authenticated users can insert chat messages" on public.chat_messages
  for insert to authenticated with check (org_id = (select auth.uid()));
create policy "Authenticated users can update chat messages" on public.chat_messages
  for update to authenticated using (org_id = (select auth.uid())) with check (org_id = (select auth.uid()));
create policy "Authenticated users can delete chat messages" on public.chat_messages
  for delete to authenticated using (org_id = (select auth.uid()));

commit;
