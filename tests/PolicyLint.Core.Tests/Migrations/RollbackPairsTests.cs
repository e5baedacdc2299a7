using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Tests.Migrations;

public sealed class RollbackPairsTests
{
    [Theory]
    [InlineData("1_x.up.sql 2_y.up.sql | 2_y.down.sql 1_x.down.sql", "0-0:1_x.down.sql 1-1:2_y.down.sql")]
    [InlineData("V1__a.sql V2__b.sql | U2__b.sql", "1-1:U2__b.sql")]
    [InlineData("m/001_base.sql m/008_1_columns.sql m/008_2_index.sql m/009_more.sql | back/008_rollback.sql", "1-2:back/008_rollback.sql")]
    [InlineData("20251001_base.sql 20251110000001_a.sql 20251110000002_b.sql | 20251110000000_rollback.sql", "1-2:20251110000000_rollback.sql")]
    [InlineData("m/1_a/migration.sql m/2_b/migration.sql | m/2_b/down.sql m/1_a/down.sql", "0-0:m/1_a/down.sql 1-1:m/2_b/down.sql")]
    [InlineData("1_a.sql 2_b.sql | rollback.sql", "")]
    [InlineData("1_a.sql 2_b.sql | 2_soft_rollback.sql 2_full_rollback.sql", "")]
    public void Rollbacks_are_paired_by_file_name_and_version(string paths, string expected)
    {
        var sides = paths.Split(" | ");
        var scripts = sides[0].Split(' ').Select(path => ScriptAt(path, ScriptRole.Migration)).Concat(sides[1].Split(' ').Select(path => ScriptAt(path, ScriptRole.Rollback))).ToList();

        Assert.Equal(expected, string.Join(" ", RollbackPairs.Find(scripts).Select(pair => $"{pair.First}-{pair.Last}:{pair.Rollbacks[0].Tree.Source.Path}")));
    }

    private static Script ScriptAt(string path, ScriptRole role) => new(SqlParser.Parse(new SourceText("", path)), role, IsOneTransaction: false);
}
