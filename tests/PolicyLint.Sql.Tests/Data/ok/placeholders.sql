select * from t where a = :id and b = :'name' and c = :"col" and d = x[1:2] and e = f::text;
select json_object(k : v) from :"schema".t;
