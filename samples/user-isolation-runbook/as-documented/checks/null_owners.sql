-- Before the migration the columns are not there yet; run this again after it. Every count is expected to be 0.

select now() as ts;
select count(*) as goals_null from goals where user_id is null;
select count(*) as applications_null from job_applications where user_id is null;
select count(*) as courses_null from courses where user_id is null;
select count(*) as exercise_null from exercise_progress where user_id is null;
select count(*) as tasks_null from daily_tasks where user_id is null;
select count(*) as focus_null from focus_sessions where user_id is null;
