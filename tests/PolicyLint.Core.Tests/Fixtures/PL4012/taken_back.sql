alter default privileges grant select on tables to public;
alter default privileges revoke select on tables from public;
