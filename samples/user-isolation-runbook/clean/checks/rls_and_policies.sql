-- Expected: six rows, both flags true, four policies each.

select c.relname, c.relrowsecurity, c.relforcerowsecurity,
  (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public'
  and c.relname in (
    'goals',
    'job_applications',
    'courses',
    'exercise_progress',
    'daily_tasks',
    'focus_sessions'
  )
order by c.relname;

-- Expected: six rows, each index valid.
select i.indexrelid::regclass as index_name, i.indisvalid
from pg_index i
where i.indexrelid in (
  'public.goals_user_id_idx'::regclass,
  'public.job_applications_user_id_idx'::regclass,
  'public.courses_user_id_idx'::regclass,
  'public.exercise_progress_user_id_idx'::regclass,
  'public.daily_tasks_user_id_idx'::regclass,
  'public.focus_sessions_user_id_idx'::regclass
);
