-- Every role, and what it is a member of. PostgreSQL 16 made INHERIT a property of the membership; before, it was the member's own.
select 'role' as kind, r.rolname::text as name, r.oid as id, json_build_object(
  'id', r.oid::bigint,
  'name', r.rolname,
  'is_superuser', r.rolsuper,
  'bypasses_row_security', r.rolbypassrls,
  'can_login', r.rolcanlogin,
  'inherits', r.rolinherit,
  'memberships', coalesce((
    select json_agg(json_build_object('role', m.role, 'inherits', m.inherits, 'with_admin', m.with_admin) order by m.role)
    from (
      select g.rolname as role,
        bool_or(coalesce((to_jsonb(a) ->> 'inherit_option')::boolean, r.rolinherit)) as inherits,
        bool_or(a.admin_option) as with_admin
      from pg_auth_members a join pg_roles g on g.oid = a.roleid
      where a.member = r.oid
      group by g.rolname
    ) m
  ), '[]'))::text as document
from pg_roles r
