-- Connect: accounts, businesses and chats.

begin;

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
  user_id uuid not null references auth.users (id) on delete cascade,
  action text not null,
  happened_at timestamptz not null default now()
);
create index rate_limits_user_idx on public.rate_limits (user_id, action, happened_at);

create schema private;
grant usage on schema private to authenticated;

-- Chats of the session's user. The policies below and those of storage ask it.
create function private.my_chats() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select p.chat_id from public.chat_participants p where p.user_id = (select auth.uid())
$$;
revoke all on function private.my_chats() from public;
grant execute on function private.my_chats() to authenticated;

alter table public.accounts enable row level security;
alter table public.accounts force row level security;
alter table public.business_accounts enable row level security;
alter table public.business_accounts force row level security;
alter table public.chats enable row level security;
alter table public.chats force row level security;
alter table public.chat_participants enable row level security;
alter table public.chat_participants force row level security;
alter table public.chat_messages enable row level security;
alter table public.chat_messages force row level security;
alter table public.rate_limits enable row level security;
alter table public.rate_limits force row level security;

revoke all on public.accounts, public.business_accounts, public.chats,
  public.chat_participants, public.chat_messages, public.rate_limits from anon, authenticated;
grant select, update (username, display_name, avatar_path) on public.accounts to authenticated;
grant select, insert, update, delete on public.business_accounts to authenticated;
grant select on public.chats, public.chat_participants to authenticated;
grant select, insert, delete on public.chat_messages to authenticated;

create policy "Users can view their account" on public.accounts
  for select to authenticated using (id = (select auth.uid()));
create policy "Users can update their account" on public.accounts
  for update to authenticated using (id = (select auth.uid())) with check (id = (select auth.uid()));

create policy "Users can view business accounts" on public.business_accounts
  for select to authenticated using (true);
create policy "Owners can insert business accounts" on public.business_accounts
  for insert to authenticated with check (owner_id = (select auth.uid()));
create policy "Owners can update business accounts" on public.business_accounts
  for update to authenticated using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create policy "Owners can delete business accounts" on public.business_accounts
  for delete to authenticated using (owner_id = (select auth.uid()));

create policy "Users can view their memberships" on public.chat_participants
  for select to authenticated using (user_id = (select auth.uid()));

create policy "Participants can view chats" on public.chats
  for select to authenticated using (id in (select private.my_chats()));

create policy "Participants can view messages" on public.chat_messages
  for select to authenticated using (chat_id in (select private.my_chats()));
create policy "Participants can send messages" on public.chat_messages
  for insert to authenticated with check (sender_id = (select auth.uid()) and chat_id in (select private.my_chats()));
create policy "Senders can delete their messages" on public.chat_messages
  for delete to authenticated using (sender_id = (select auth.uid()) and chat_id in (select private.my_chats()));

commit;
