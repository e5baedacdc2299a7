create table t (a int
                     ^ syntax error at end of input

create table t (a)
                  ^ syntax error at end of input

create table t (a int,)
                      ^ syntax error at or near ")"

create policy p on t as forbidding
                        ^^^^^^^^^^ unrecognized row security option "forbidding"

create policy p on t for truncate
                         ^^^^^^^^ syntax error at or near "truncate"

create policy p on t using a
                           ^ syntax error at or near "a"

create policy if not exists p on t
                 ^^^ syntax error at or near "not"

alter table t enable row security
                         ^^^^^^^^ syntax error at or near "security"

alter table t add constraint k unique (a) not valid
                                          ^^^ UNIQUE constraints cannot be marked NOT VALID

create role none
            ^^^^ role name "none" is reserved

create role r superman
              ^^^^^^^^ unrecognized role option "superman"

grant select on t
                 ^ syntax error at end of input

grant select on t to
                    ^ syntax error at end of input

create function f( returns int
                              ^ syntax error at end of input

create trigger t before insert on t execute f()
                                            ^ syntax error at or near "f"

create trigger t before insert or insert on t execute function f()
                                  ^^^^^^ duplicate trigger events specified at or near "insert"

drop table
          ^ syntax error at end of input

drop policy p
             ^ syntax error at end of input

comment on table t 'x'
                   ^^^ syntax error at or near "'x'"

create type t as enum (a)
                       ^ syntax error at or near "a"

create index i on t ()
                     ^ syntax error at or near ")"

create publication p for a
                         ^ invalid publication object list
