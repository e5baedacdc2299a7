select null::int, null::integer, null::smallint, null::bigint, null::real, null::float, null::float(10), null::float(30), null::double precision, null::boolean;
select null::decimal, null::numeric(10), null::dec(10, 2), null::bit, null::bit(3), null::bit varying, null::bit varying(3);
select null::char, null::char(3), null::character varying(10), null::varchar, null::national character varying(3), null::nchar(2), null::text, null::pg_catalog.text;
select null::time, null::time(3), null::time with time zone, null::timestamp without time zone, null::timestamp(3) with time zone, null::timestamptz(3);
select null::interval, null::interval(3), null::interval year, null::interval year to month, null::interval day to second(3), null::interval hour to minute, null::interval second(2);
select null::int[], null::int[3][], null::int array, null::int array[4], null::s.t[], null::"T"(1, 'x'), null::json, null::jsonb, null::geometry(point, 4326);
