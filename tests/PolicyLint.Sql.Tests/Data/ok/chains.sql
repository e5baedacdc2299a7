select a is null is not true, a in (1) in (2) not in (select 3), a = any (b) = all (c), a like any (b) like all (c);
select p || ((a in (1)) * b), p * (a is null), (a is null) in (1), (a in (1)) is null, (a is distinct from b) is null, - (a in (1)), not a is null;
select (a is null) = any (b), (a = any (b)) is null, (a in (1)) like any (b), (a like any (b)) in (1), (a = any (b)) in (1), (a || any (b)) = any (c), (a = any (b)) || any (c);
