-- In the order of creation: a finding that one policy of several stands for then names the same as in the files.
select
  p.polrelid,
  p.polname,
  p.polcmd::text,
  p.polpermissive,
  p.polroles,
  pg_get_expr(p.polqual, p.polrelid) as using,
  pg_get_expr(p.polwithcheck, p.polrelid) as with_check,
  s.description
from pg_policy p
left join pg_description s on s.objoid = p.oid and s.classoid = 'pg_policy'::regclass and s.objsubid = 0
order by p.polrelid, p.oid
