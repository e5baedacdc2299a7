insert into auth.users (id, email) values ('00000000-0000-4000-8000-00000000000a', 'a@example.com'), ('00000000-0000-4000-8000-00000000000b', 'b@example.com');
insert into public.notes (user_id, body) select id, email from auth.users;
insert into public.letters (user_id) select id from auth.users;
insert into public.tickets (user_id, currency) select id, 'EUR' from auth.users;
insert into public.audited (user_id) select id from auth.users;
insert into public.watched (user_id) select id from auth.users;
insert into public.rewritten (id, user_id) select id, id from auth.users;
insert into public.replies (note_id, user_id) select n.id, n.user_id from public.notes n;
