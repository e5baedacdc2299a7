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
    public void Each_occurrence_is_judged_alone(string sql, string expected)
    {
        var schema = SqlParser.Parse(new SourceText(Schema, "schema.sql"));
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
