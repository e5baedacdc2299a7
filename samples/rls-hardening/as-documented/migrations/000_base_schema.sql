-- Connect: accounts, businesses and chats.

create table public.accounts (
  id uuid primary key references auth.users (id) on delete cascade,
  username text not null unique,
  display_name text,
  avatar_path text,
  created_at timestamptz not null default now()
);

create table public.business_accounts (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade,
  name text not null,
  category text,
  created_at timestamptz not null default now()
);
create index business_accounts_owner_idx on public.business_accounts (owner_id);

create table public.chats (
  id uuid primary key default gen_random_uuid(),
  title text,
  created_at timestamptz not null default now()
);

create table public.chat_participants (
  user_id uuid not null references auth.users (id) on delete cascade,
  chat_id uuid not null references public.chats (id) on delete cascade,
  joined_at timestamptz not null default now(),
  primary key (user_id, chat_id)
);
create index chat_participants_chat_idx on public.chat_participants (chat_id);

create table public.chat_messages (
  id uuid primary key default gen_random_uuid(),
  chat_id uuid not null references public.chats (id) on delete cascade,
  sender_id uuid not null references auth.users (id) on delete cascade,
  body text,
  media_path text,
  created_at timestamptz not null default now()
);
create index chat_messages_chat_idx on public.chat_messages (chat_id, created_at);
create index chat_messages_sender_idx on public.chat_messages (sender_id);

create table public.rate_limits (
  id bigint generated always as identity primary key,
  user_id uuid references auth.users (id) on delete cascade,
  action text not null,
  happened_at timestamptz not null default now()
);
create index rate_limits_user_idx on public.rate_limits (user_id, action, happened_at);

alter table public.accounts enable row level security;
alter table public.business_accounts enable row level security;
alter table public.chats enable row level security;
alter table public.chat_participants enable row level security;
alter table public.chat_messages enable row level security;
alter table public.rate_limits enable row level security;

create policy "Users can view their account" on public.accounts
  for select using (id = auth.uid());
create policy "Users can update their account" on public.accounts
  for update using (id = auth.uid()) with check (id = auth.uid());

create policy "Users can view business accounts" on public.business_accounts
  for select to authenticated using (true);
create policy "Owners can insert business accounts" on public.business_accounts
  for insert with check (owner_id = auth.uid());
create policy "Owners can update business accounts" on public.business_accounts
  for update using (owner_id = auth.uid()) with check (owner_id = auth.uid());
create policy "Owners can delete business accounts" on public.business_accounts
  for delete using (owner_id = auth.uid());

create policy "Users can view their memberships" on public.chat_participants
  for select using (user_id = auth.uid());

create policy "Participants can view chats" on public.chats
  for select using (id in (select chat_id from public.chat_participants where user_id = auth.uid()));

create policy "Participants can view messages" on public.chat_messages
  for select using (chat_id in (select chat_id from public.chat_participants where user_id = auth.uid()));
create policy "Participants can send messages" on public.chat_messages
  for insert with check (
    sender_id = auth.uid()
    and chat_id in (select chat_id from public.chat_participants where user_id = auth.uid())
  );

create policy "Users can view their rate limits" on public.rate_limits
  for select using (user_id = auth.uid());
