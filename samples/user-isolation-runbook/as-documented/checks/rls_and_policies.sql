-- Expected: rowsecurity = true, forcerowsecurity = true.

select tablename, rowsecurity, forcerowsecurity
from pg_tables
where schemaname = 'public'
  and tablename in (
    'goals',
    'job_applications',
    'courses',
    'exercise_progress',
    'daily_tasks',
    'focus_sessions'
  )
order by tablename;

select tablename, policyname, cmd, roles
from pg_policies
where schemaname = 'public'
order by tablename, policyname;
