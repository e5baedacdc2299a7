insert into auth.users (id, email) values ('00000000-0000-0000-0000-00000000000a', 'a@example.com');
insert into public.goals (title) values ('one'), ('two');
insert into public.daily_tasks (title) values ('today');
insert into public.focus_sessions (label, minutes) values ('deep', 25);
do $$ begin execute format('alter database %I set app.migration_user_id = %L', current_database(), '00000000-0000-0000-0000-00000000000a'); end $$;
