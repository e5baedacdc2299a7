-- After the migration. Every count is expected to be 0.

select count(*) as goals_null from public.goals where user_id is null;
select count(*) as applications_null from public.job_applications where user_id is null;
select count(*) as courses_null from public.courses where user_id is null;
select count(*) as exercise_null from public.exercise_progress where user_id is null;
select count(*) as tasks_null from public.daily_tasks where user_id is null;
select count(*) as focus_null from public.focus_sessions where user_id is null;
