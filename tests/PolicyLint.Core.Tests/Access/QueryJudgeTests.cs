using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Access;

public class QueryJudgeTests
{
    private const string Schema =
        "create table orders(id bigint primary key, user_id uuid not null, state text); create table items(id bigint primary key, order_id bigint references orders(id), user_id uuid not null, name text); create table rates(id int, value numeric); create table docs(id bigint primary key, org_id uuid not null, name text); create table memberships(org_id uuid not null, user_id uuid not null, primary key (org_id, user_id));";

    // One letter an occurrence in source order: p proven, r refuted, u unknown.
    [Theory]
    [InlineData("select * from orders where user_id = @u", "p")]
    [InlineData("select * from orders", "r")]
    [InlineData("select * from rates", "")]
    [InlineData("select * from orders where user_id = @u or true", "r")]
    [InlineData("select * from orders where @u is null or user_id = @u", "r")]
    [InlineData("select * from orders where user_id = coalesce(@u, user_id)", "r")]
    [InlineData("select * from orders where user_id in (@a, @b)", "p")]
    [InlineData("select * from orders where user_id = any(@ids)", "p")]
    [InlineData("select * from orders where id = any(@ids)", "r")]
    [InlineData("select * from orders where id = any(@ids::bigint[]) and user_id = @u", "p")]
    [InlineData("select * from orders where id = any(@ids) and user_id = any(@users)", "p")]
    [InlineData("select * from orders where id = any(@ids) or user_id = @u", "r")]
    [InlineData("select * from orders where user_id <> any(@ids)", "u")]
    [InlineData("select * from orders where user_id <> @u", "r")]
    [InlineData("select * from orders o join items i on i.user_id = o.user_id where o.user_id = @u", "pp")]
    [InlineData("select * from orders o join items i on i.order_id = o.id where o.user_id = @u", "pr")]
    [InlineData("select * from orders o left join items i on i.order_id = o.id and i.user_id = @u", "rp")]
    [InlineData("select * from orders o left join items i on i.order_id = o.id and o.user_id = @u", "rr")]
    [InlineData("select * from orders o left join items i on i.order_id = o.id and i.user_id = @u where o.user_id = @u", "pp")]
    [InlineData("select * from orders o full join items i on i.order_id = o.id where i.id is null or o.user_id = @u", "rr")]
    [InlineData("select * from orders where user_id = @u and exists (select 1 from items where order_id = orders.id)", "pr")]
    [InlineData("select * from orders x where x.user_id = @u and exists (select 1 from items x where x.name = 'a')", "pr")]
    [InlineData("select * from orders where user_id = @u and id in (select order_id from items i where i.user_id = orders.user_id)", "pp")]
    [InlineData("select * from orders where user_id = @u union all select * from orders", "pr")]
    [InlineData("with orders as (select * from orders where user_id = @u) select * from orders", "p")]
    [InlineData("with mine as (select * from orders where user_id = @u) select * from mine", "p")]
    [InlineData("select * from orders where id = 1 and id = 1.0", "r")]
    [InlineData("update orders set state = 'x' where id = @id", "r")]
    [InlineData("update orders set state = 'x' where id = @id and user_id = @u", "p")]
    [InlineData("delete from orders where user_id = @u or id = @id", "r")]
    [InlineData("insert into orders(id, user_id) values (@id, @u)", "p")]
    [InlineData("insert into orders(id, state) values (@id, 'x')", "r")]
    [InlineData("select * from orders where not (user_id <> @u)", "p")]
    [InlineData("select * from orders where user_id = @u and state like '%x' or state = 'public'", "r")]
    [InlineData("select * from docs d join memberships m on m.org_id = d.org_id where m.user_id = @u", "pp")]
    [InlineData("select * from docs where org_id in (select org_id from memberships where user_id = @u)", "pp")]
    [InlineData("select * from docs where org_id in (select org_id from memberships)", "ur")]
    [InlineData("with mine as (select org_id from memberships where user_id = @u) select d.* from docs d join mine on mine.org_id = d.org_id", "pp")]
    [InlineData("with mine as (select org_id from memberships where user_id = @u group by org_id) select d.* from docs d join mine on mine.org_id = d.org_id", "pu")]
    [InlineData("select * from docs d left join memberships m on m.org_id = d.org_id and m.user_id = @u", "rp")]
    [InlineData("select * from docs d left join memberships m on m.org_id = d.org_id and m.user_id = @u where m.org_id is not null", "pp")]
    [InlineData("select * from memberships m left join rates r on r.id = 1 where m.user_id = @u and exists (select 1 from docs d where d.org_id = m.org_id or r.id is null)", "pr")]
    [InlineData("select * from orders o join (select * from items where user_id = @u) i on i.user_id = o.user_id", "pp")]
    [InlineData("select * from orders where user_id = @u and lower(state) = @s", "p")]
    [InlineData("select * from orders where lower(state) = @s", "r")]
    [InlineData("select * from orders where user_id = p_user", "r")]
    [InlineData("select * from orders where @p0", "r")]
    [InlineData("select * from orders where @p0 and user_id = @p1", "p")]
    [InlineData("select * from orders where user_id = p_user and user_id = @u", "p")]
    [InlineData("select * from orders where state = @s and @u = user_id", "p")]
    [InlineData("select * from orders as o(user_id, id) where o.user_id = @u", "u")]
    [InlineData("select * from orders as o(user_id, id) join items i on i.user_id = o.user_id where o.user_id = @u", "up")]
    [InlineData("select * from orders where not user_id = @u", "r")]
    [InlineData("select * from orders where user_id operator(pg_catalog.=) @u", "r")]
    [InlineData("select * from orders o where orders.user_id = @u", "u")]
    [InlineData("select * from orders o, items i where i.user_id = @u", "rp")]
    [InlineData("select * from orders o, items i where i.user_id = @u and o.user_id = @u", "pp")]
    [InlineData("select * from orders o, rates r where user_id = @u", "p")]
    [InlineData("select * from orders o where exists (select 1 from items i where o.user_id = @u)", "pr")]
    [InlineData("select * from orders o where exists (select 1 from items i where i.user_id = @u)", "up")]
    [InlineData("update orders o set state = 'x' from items i where i.user_id = @u", "rp")]
    [InlineData("update orders o set state = 'x' from items i where i.user_id = @u and o.user_id = @u", "pp")]
    [InlineData("delete from orders o using items i where o.user_id = @u", "pr")]
    [InlineData("merge into orders o using rates r on o.user_id = @u and o.id = r.id when matched then update set state = 'x'", "p")]
    [InlineData("merge into orders o using rates r on o.user_id = @u and o.id = r.id when matched then update set state = 'x' when not matched then insert (id, user_id) values (r.id, @u)", "p")]
    [InlineData("merge into orders o using rates r on o.user_id = @u and o.id = r.id when not matched by source then delete", "r")]
    [InlineData("merge into orders o using rates r on o.user_id = @u and o.id = r.id when not matched by source and o.user_id = @u then delete", "p")]
    [InlineData("merge into orders o using items i on o.user_id = @u and i.user_id = @u and o.id = i.order_id when matched then delete", "pp")]
    [InlineData("merge into orders o using items i on o.user_id = @u and i.user_id = @u and o.id = i.order_id when not matched then insert (id, user_id) values (i.id, @u)", "pr")]
    public void Each_occurrence_is_judged_alone(string sql, string expected) => Judges(Schema, sql, expected);

    // A view of orders shows them by its column, wherever that stands and whatever it is called.
    [Theory]
    [InlineData("select * from orders where state = 'open'", "select * from v", "r")]
    [InlineData("select * from orders where state = 'open'", "select * from v where user_id = @u", "p")]
    [InlineData("select * from orders", "select x.id from v x where x.user_id = @u and x.id = @id", "p")]
    [InlineData("select * from orders", "select * from v where id = @id", "r")]
    [InlineData("select * from orders", "select * from v where user_id = @u or state = 'open'", "r")]
    [InlineData("select * from orders", "select * from v where @u is null or user_id = @u", "r")]
    [InlineData("select id, user_id as owner from orders", "select * from v where owner = @u", "p")]
    [InlineData("select id, user_id as owner from orders", "select * from v where owner in (@u, @w) and id = @id", "p")]
    [InlineData("select user_id as id, id as user_id from orders", "select * from v where user_id = @u", "r")]
    [InlineData("select id, state from orders", "select * from v where id = @id", "u")]
    [InlineData("select id, state from orders", "select * from v", "r")]
    [InlineData("select user_id, count(*) as n from orders group by user_id", "select * from v where user_id = @u", "p")]
    [InlineData("select user_id, count(*) as n from orders group by user_id", "select * from v", "r")]
    [InlineData("select user_id, count(*) as n from orders group by user_id", "select * from v where n > 1", "u")]
    [InlineData("select * from orders where user_id = current_setting('app.user_id')::uuid", "select * from v", "p")]
    [InlineData("select user_id, count(*) over () as n from orders", "select * from v where user_id = @u", "u")]
    [InlineData("select user_id, rank() over w as place from orders window w as (order by id)", "select * from v where user_id = @u", "u")]
    [InlineData("select user_id, count(*) over () as n from orders", "select * from v", "r")]
    [InlineData("select user_id, count(*) as n from orders group by rollup (user_id)", "select * from v where user_id = @u", "p")]
    [InlineData("select * from rates", "select * from v", "")]
    [InlineData("select o.*, i.name from orders o join items i on i.order_id = o.id", "select * from v where user_id = @u", "pu")]
    [InlineData("select o.id, i.user_id, i.name from orders o join items i on i.order_id = o.id", "select * from v where user_id = @u", "up")]
    [InlineData("select i.name, o.* from orders o join items i on i.order_id = o.id", "select * from v where user_id = @u", "pu")]
    [InlineData("select o.id, user_id from orders o join rates r on true", "select * from v where user_id = @u", "p")]
    [InlineData("select id, user_id from orders union all select id, user_id from items", "select * from v where user_id = @u", "uu")]
    [InlineData("select r.id, (select count(*) from orders) as n from rates r", "select * from v where id = @id", "u")]
    [InlineData("select * from orders", "select * from rates r join v on v.id = r.id where v.user_id = @u", "p")]
    [InlineData("select * from orders", "select * from items i join v on v.user_id = i.user_id where i.user_id = @u", "pp")]
    [InlineData("select * from orders", "select * from items i left join v on v.id = i.order_id where i.user_id = @u", "pr")]
    [InlineData("select * from orders", "select * from items where user_id = @u and exists (select 1 from v where v.id = items.order_id)", "pr")]
    [InlineData("select * from orders", "select * from v as x(a, b, c) where b = @u", "u")]
    [InlineData("select * from orders", "select * from (select * from v) x where user_id = @u", "u")]
    [InlineData("select * from orders", "update v set state = 'x' where id = @id", "u")]
    [InlineData("select * from memberships", "select * from v where user_id = @u", "p")]
    public void A_view_is_judged_by_the_rows_that_it_shows(string view, string sql, string expected) => Judges(Schema + "create view v as " + view + ";", sql, expected);

    [Theory]
    [InlineData("create view v as select * from orders; alter table orders add column note text;", "select * from v where user_id = @u", "p")]
    [InlineData("create view v as select o.*, 1 as one from orders o; alter table orders add column note text;", "select * from v where user_id = @u", "p")]
    [InlineData("create view v(user_id, id) as select id, user_id from orders;", "select * from v where user_id = @u", "r")]
    [InlineData("create view v(user_id, id) as select id, user_id from orders;", "select * from v where id = @u", "p")]
    [InlineData("create view w as select user_id as owner, id from orders; create view v as select id, owner from w;", "select * from v where owner = @u", "p")]
    [InlineData("create view w as select user_id as owner, id from orders; create view v as select id, owner from w;", "select * from v", "r")]
    [InlineData("create materialized view v as select * from orders;", "select * from v where id = @id", "r")]
    [InlineData("alter table orders enable row level security; create view v as select * from orders;", "select * from v", "r")]
    [InlineData("alter table orders enable row level security; alter table orders force row level security; create view v as select * from orders;", "select * from v", "u")]
    [InlineData("alter table orders enable row level security; alter table orders force row level security; create view v with (security_invoker) as select * from orders;", "select * from v", "r")]
    public void A_view_is_read_by_its_definition(string more, string sql, string expected) => Judges(Schema + more, sql, expected);

    private static void Judges(string migrations, string sql, string expected)
    {
        var schema = SqlParser.Parse(new SourceText(migrations, "schema.sql"));
        var catalog = CatalogReplay.Run([new Script(schema, ScriptRole.Migration, IsOneTransaction: false)], "plain", AnalysisLimits.Cli).Catalog;
        var judge = new QueryJudge(catalog, Tenancy.Resolve(catalog, new PolicyLintOptions()), AnalysisLimits.Cli);
        var tree = SqlParser.Parse(new SourceText(sql, "query"), SqlParseOptions.DotNet);
        Assert.Empty(tree.Errors);
        var answers = string.Concat(judge.Judge(tree.Statements[0]).Select(static o => o.Verdict switch
        {
            Verdict.Proven => 'p',
            Verdict.Refuted => 'r',
            _ => 'u',
        }));
        Assert.True(expected == answers, sql + ": " + answers + " " + string.Join("; ", judge.Judge(tree.Statements[0]).Select(static o => o.Verdict.ToString())));
    }
}
