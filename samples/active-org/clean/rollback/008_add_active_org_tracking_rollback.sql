-- A function that mentions a column does not go with it: functions first, then the column with its index and keys.

begin;

drop function platform.set_user_active_org(uuid);
drop function platform.get_user_active_org();
alter table platform.users drop column active_org_id;

commit;
