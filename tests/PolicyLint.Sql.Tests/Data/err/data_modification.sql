insert into t
             ^ syntax error at end of input

insert t values (1)
       ^ syntax error at or near "t"

update t where a = 1
         ^^^^^ syntax error at or near "where"

delete t
       ^ syntax error at or near "t"

merge into t using s on true
                            ^ syntax error at end of input

merge into t using s on true when not matched then delete
                                                   ^^^^^^ syntax error at or near "delete"

insert into t values (1) on conflict
                                    ^ syntax error at end of input

copy t to stdout where a
                 ^^^^^ WHERE clause not allowed with COPY TO

set a
     ^ syntax error at end of input

explain explain select 1
        ^^^^^^^ syntax error at or near "explain"
