-- precedence and associativity
select a or b and not c = d + e * f ^ g;
select (a or b) and c, not (a and b), - a ^ 2, (- a) ^ 2, a - (b - c), a ^ b ^ c;
select a is null is not null, a isnull, b notnull, (a = b) is not distinct from c, a is distinct from b;
select a is true, a is not false, a is unknown, x is document, x is not normalized, x is nfkc normalized;
select a between 1 and 2 and b not between symmetric c and d, a in (1, 2), a not in (select b from c);
select a like 'x%' escape '!', a not ilike b || '%', a similar to 'x', a not similar to 'y' escape '';
select a = any (b), a <> all (select c from d), a like any (array['x', 'y']), a not ilike all (b), a operator(pg_catalog.=) some (c);
select @ a, a @> b, a <@ b, a -> 'x' ->> 'y' #>> '{a,b}', a ?| b, a || b || c, a operator(s.+) b, operator(s.-) a;
select a::text::varchar(10)[], cast(a as numeric(10, 2)), int4 '1', s.t 'x', date '2020-01-01', interval '1' day, interval(3) '1 second', time with time zone '1:00';
select a at time zone 'utc' at local, a collate "C" || b collate s."x";
-- constants
select 1, 1.5, .5, 1., 1e10, 1_000, 0x1F, 0o17, 0b101, 99999999999, true, false, null, 'a''b', e'\n\u0061\x41', u&'d\0061t', u&'d!0061' uescape '!', b'01', x'1f', n'a', $$a'b$$, $t$ $$ $t$;
select 'a'
       'b', - 1, + 1, - - 1, $1, $2.a, ($3).b;
-- references
select a, t.a, s.t.a, d.s.t.a, t.*, s.t.*, (f()).a, (f()).*, (a).b[1].c, a[1], a[1:2], a[:], a[1:], a[:2], (a[1])[2], (select b).c;
select "A b", "a""b", u&"d\0061t", é, _a$1;
-- constructors
select row(), row(1), row(1, 2), (1, 2), array[1, 2], array[[1], [2]], array[]::int[], array(select 1), case when a then b end, case a when 1 then 2 else 3 end;
select coalesce(a, b), nullif(a, b), greatest(a, b), least(a), exists (select), (select 1), ((select 1)), (((select 1)) + 1), grouping(a, b);
select (a, b) overlaps (c, d), row(a, b) overlaps row(c, d), (a, b) = (c, d), (a, b) in ((1, 2), (3, 4)), (a, b) = (select c, d);
-- calls
select f(), f(a), s.f(a, b => 1, c := 2), f(variadic a), f(a, variadic b), count(*), count(distinct a), count(all a), array_agg(a order by b desc nulls last, c using <);
select percentile_cont(0.5) within group (order by a), sum(a) filter (where b > 0) over (partition by c order by d rows between unbounded preceding and 1 following exclude ties);
select rank() over w, rank() over (w order by a), sum(a) over (range current row), sum(a) over (groups 1 preceding exclude no others) from t window w as (partition by b), v as (w);
select current_date, current_time(3), current_timestamp, localtime, localtimestamp(0), current_role, current_user, user, session_user, system_user, current_catalog, current_schema;
select extract(year from a), extract('epoch' from a), position('a' in b), substring(a from 1 for 2), substring(a for 2), substring(a similar b escape c), substring(a, 1, 2);
select overlay(a placing b from 1 for 2), trim(a), trim(both from a), trim(leading 'x' from a), trim(trailing 'x' from a, b), normalize(a, nfc), collation for (a), treat(a as b);
select left(a, 1), right(a, 2), "left", values, time, timestamp, year, day from t;
select a + 1. from t; select 1. as b, x'1f'
  'ff';
