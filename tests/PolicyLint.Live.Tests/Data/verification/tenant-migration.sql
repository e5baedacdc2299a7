insert into auth.users (id, email) values
  ('00000000-0000-0000-0000-00000000000a', 'a@example.com'),
  ('00000000-0000-0000-0000-00000000000b', 'b@example.com');
insert into public.profiles (id, name) values
  ('00000000-0000-0000-0000-00000000000a', 'A'),
  ('00000000-0000-0000-0000-00000000000b', 'B');
insert into public.clients (id, org_id, name) values
  ('20000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', 'client of A'),
  ('20000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-00000000000b', 'client of B');
insert into public.orders (org_id, client_id, number) values
  ('00000000-0000-0000-0000-00000000000a', '20000000-0000-0000-0000-00000000000a', '1');
insert into public.tags (org_id, name) values ('00000000-0000-0000-0000-00000000000b', 'urgent');
insert into public.goals (org_id, title, year) values ('00000000-0000-0000-0000-00000000000a', 'more', 2026);
