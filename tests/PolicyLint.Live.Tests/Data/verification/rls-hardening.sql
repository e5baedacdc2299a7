insert into auth.users (id, email) values
  ('00000000-0000-0000-0000-00000000000a', 'a@example.com'),
  ('00000000-0000-0000-0000-00000000000b', 'b@example.com');
insert into public.accounts (id, username) values
  ('00000000-0000-0000-0000-00000000000a', 'a'),
  ('00000000-0000-0000-0000-00000000000b', 'b');
insert into public.business_accounts (owner_id, name) values ('00000000-0000-0000-0000-00000000000a', 'A');
