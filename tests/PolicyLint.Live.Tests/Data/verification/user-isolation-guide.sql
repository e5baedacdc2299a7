insert into public.users (id, email) values ('00000000-0000-0000-0000-00000000000a', 'a@example.com');
insert into public.projects (id, name) values ('20000000-0000-0000-0000-00000000000a', 'one');
insert into public.tasks (id, project_id, title) values ('30000000-0000-0000-0000-00000000000a', '20000000-0000-0000-0000-00000000000a', 'first');
insert into public.subtasks (task_id, title) values ('30000000-0000-0000-0000-00000000000a', 'step');
insert into public.agents (name, role) values ('helper', 'writer');
