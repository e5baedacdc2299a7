-- One row for each user: what the column is called says enough. A chat message's role is nobody's privilege.
create table public.accounts (user_id uuid primary key, email text, credits integer not null default 0);
alter table public.accounts enable row level security;
create policy own on public.accounts for update to authenticated using (user_id = (select auth.uid()));
--                                                                      ^^^^^^^ PL2021: authenticated may change credits in an own row of public.accounts, and its name says
create table public.messages (id uuid primary key, user_id uuid not null, role text not null);
create index on public.messages (user_id);
alter table public.messages enable row level security;
create policy own on public.messages for all to authenticated using (user_id = (select auth.uid()));
