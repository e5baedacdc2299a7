select from from t
            ^^^^ syntax error at or near "from"

select 1 +
          ^ syntax error at end of input

selec 1
^^^^^ syntax error at or near "selec"

select a < b < c
             ^ syntax error at or near "<"

select a between 1 and 2 between 3 and 4
                         ^^^^^^^ syntax error at or near "between"

select * from (a)
                ^ syntax error at or near ")"

select * from a join b
                      ^ syntax error at end of input

select 1 limit 1, 2
         ^^^^^ LIMIT #,# syntax is not supported

(select 1 order by a) order by b
                               ^ multiple ORDER BY clauses not allowed

select 1 fetch first 1 row with ties
                           ^^^^ WITH TIES cannot be specified without ORDER BY clause

select count(distinct)
                     ^ syntax error at or near ")"

select f(a, ) from t
            ^ syntax error at or near ")"

select sum(a) over (rows unbounded following)
                         ^^^^^^^^^ frame start cannot be UNBOUNDED FOLLOWING

select (1, 2, 3) overlaps (1, 2)
       ^ wrong number of parameters on left side of OVERLAPS expression

select null::float(60)
                   ^^ precision for type float must be less than 54 bits

values
      ^ syntax error at end of input

with a as (select 1)
                    ^ syntax error at end of input

select a from t where
                     ^ syntax error at end of input

select left from t
            ^^^^ syntax error at or near "from"
