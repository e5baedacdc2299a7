insert into t default values;
insert into s.t as x (a, b.c, d[1]) overriding user value values (1, default, 2), ((select 1), 'x', null) returning *, a as b;
insert into t select 1; insert into t (select 1); insert into t (a) (select 1) union select 2; insert into t (a) table u; insert into t with a as (select 1) select * from a;
with a as (select 1) insert into t select * from a on conflict do nothing;
insert into t values (1) on conflict (a, lower(b) collate "C" text_ops, (c || d)) where e > 0 do update set a = excluded.a, (b, c) = (select 1, 2), d[1] = 3 where t.a < 1 returning with (old as o, new as n) o.a, n.a;
insert into t values (1) on conflict on constraint t_pkey do update set (a, b) = row(1, default);
update t set a = 1; update only s.t as x set a = default, b.c = 2, (d, e) = (1, 2) from u join v on true where x.a = u.a returning x.*; update t x set a = 1 where current of c;
with a as (select 1) update t set b = 1 from a; delete from t; delete from only t as x using u, v where x.a = u.a returning a; with a as (delete from t returning *) select * from a;
merge into t as x using (select 1) s on x.a = s.a when matched and s.b then update set a = 1, (b, c) = (2, 3) when matched then delete when not matched by source then do nothing
  when not matched by target and s.c then insert (a, b) overriding system value values (1, default) when not matched then insert default values returning merge_action(), x.*;
truncate t; truncate table only s.t, u * restart identity cascade; truncate t continue identity restrict;
copy t from stdin; 
\.
copy s.t (a, b) to '/x' with (format csv, header true, delimiter ',', force_quote (a, b), null ''); copy (select 1) to stdout; copy t from program 'x' where a > 1; copy (delete from t returning a) to stdout;
copy binary t to stdout; copy t to '/x' using delimiters '|' with null as 'x'; copy t from '/x' csv header quote '"' escape '\' force not null a, b; copy t to stdout (force_quote *, header match);
