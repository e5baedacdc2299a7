using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;

namespace PolicyLint.Cli.Output;

/// <summary>Writes access maps of databases, or their differences, one after the other.</summary>
internal interface IAccessWriter
{
    void Write(string database, AccessMap map);

    void Write(string database, IReadOnlyList<AccessCellChange> changes);

    void End();
}

/// <summary>The formats of `policylint access`.</summary>
internal static class AccessWriters
{
    public static IAccessWriter Create(string format, TextWriter output) => format switch
    {
        "json" => new AccessJsonWriter(output),
        "markdown" => new AccessMarkdownWriter(output),
        _ => new AccessTextWriter(output),
    };

    /// <summary>`own rows`: the extent as people read it.</summary>
    public static string Words(AccessExtent extent) => extent switch
    {
        AccessExtent.Nobody => "nobody",
        AccessExtent.OwnRows => "own rows",
        AccessExtent.TenantRows => "tenant's rows",
        AccessExtent.PublicRows => "public rows",
        AccessExtent.Everyone => "everyone",
        _ => "not decided",
    };

    public static string Words(AccessCell? cell, string absent) => cell is null ? absent : Words(cell.Extent);

    public static string Command(AccessCell cell) => cell.Command.ToString().ToUpperInvariant();

    /// <summary>A row of the map: a table and a command with the cells of all roles.</summary>
    public static IEnumerable<IReadOnlyList<AccessCell>> Rows(AccessMap map) =>
        map.Cells.GroupBy(cell => (cell.Table, cell.Command)).Select(group => (IReadOnlyList<AccessCell>)[.. group]);

    /// <summary>What is to be said of cells, a line for each table and reason.</summary>
    public static IEnumerable<string> Notes(AccessMap map) =>
        map.Cells.Where(cell => cell.Detail.Length > 0).GroupBy(cell => (cell.Table, cell.Detail, cell.Extent)).Select(group =>
            $"{group.Key.Table}, {string.Join(", ", group.Select(Command).Distinct())} for {string.Join(", ", group.Select(cell => cell.Role).Distinct())}: {Words(group.Key.Extent)}: {group.Key.Detail}");

    /// <summary>`lost`, `won`, `lost and won`: what became of rows within the two extents; empty where no row is known.</summary>
    public static string Direction(AccessCellChange change) => (change.Lost, change.Won) switch
    {
        (not null, not null) => "lost and won",
        (not null, null) => "lost",
        (null, not null) => "won",
        _ => "",
    };

    /// <summary>`2 changes of access: rows are lost in 1, won in 1`.</summary>
    public static string Summary(IReadOnlyList<AccessCellChange> changes) =>
        changes.Count == 0 ? "no change of access"
        : $"{changes.Count} {(changes.Count == 1 ? "change" : "changes")} of access: rows are lost in {changes.Count(change => change.Lost is not null)}, won in {changes.Count(change => change.Won is not null)}";
}

/// <summary>Aligned columns for a terminal.</summary>
internal sealed class AccessTextWriter(TextWriter output) : IAccessWriter
{
    public void Write(string database, AccessMap map)
    {
        var rows = new List<string[]> { (string[])["table", "command", .. map.Roles] };
        QualifiedId? last = null;
        foreach (var cells in AccessWriters.Rows(map))
        {
            rows.Add([last == cells[0].Table ? "" : cells[0].Table.ToString(), AccessWriters.Command(cells[0]), .. cells.Select(cell => AccessWriters.Words(cell.Extent))]);
            last = cells[0].Table;
        }
        output.Write($"{database}\n");
        Write(rows);
        foreach (var note in AccessWriters.Notes(map))
            output.Write($"  {note}\n");
    }

    public void Write(string database, IReadOnlyList<AccessCellChange> changes)
    {
        output.Write($"{database}: {AccessWriters.Summary(changes)}\n");
        foreach (var change in changes)
        {
            var cell = change.After ?? change.Before!;
            output.Write($"  {cell.Table} {AccessWriters.Command(cell)} {cell.Role}: {AccessWriters.Words(change.Before, "(no table)")} -> {AccessWriters.Words(change.After, "(no table)")}\n");
            if (change.Lost is { } lost)
                output.Write($"    - {lost}\n");
            if (change.Won is { } won)
                output.Write($"    + {won}\n");
        }
    }

    public void End()
    {
    }

    private void Write(List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var line = new StringBuilder("  ");
            for (var i = 0; i < row.Length; i++)
                line.Append(row[i].PadRight(widths[i] + 2));
            output.Write(line.ToString().TrimEnd() + "\n");
        }
    }
}

/// <summary>Tables for a comment on a pull request.</summary>
internal sealed class AccessMarkdownWriter(TextWriter output) : IAccessWriter
{
    public void Write(string database, AccessMap map)
    {
        output.Write($"### Access: {Escape(database)}\n\n| table | command | {string.Join(" | ", map.Roles.Select(Escape))} |\n| --- | --- |{string.Concat(map.Roles.Select(_ => " --- |"))}\n");
        foreach (var cells in AccessWriters.Rows(map))
            output.Write($"| {Escape(cells[0].Table.ToString())} | {AccessWriters.Command(cells[0])} | {string.Join(" | ", cells.Select(cell => AccessWriters.Words(cell.Extent)))} |\n");
        output.Write("\n");
        foreach (var note in AccessWriters.Notes(map))
            output.Write($"- {Escape(note)}\n");
    }

    public void Write(string database, IReadOnlyList<AccessCellChange> changes)
    {
        output.Write($"### Access changes: {Escape(database)}\n\n");
        if (changes.Count == 0)
        {
            output.Write("No role reaches other rows than before.\n\n");
            return;
        }
        output.Write($"**{AccessWriters.Summary(changes)}**\n\n| table | command | role | before | after | rows |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var change in changes)
        {
            var cell = change.After ?? change.Before!;
            output.Write($"| {Escape(cell.Table.ToString())} | {AccessWriters.Command(cell)} | {Escape(cell.Role)} | {AccessWriters.Words(change.Before, "no table")} | {AccessWriters.Words(change.After, "no table")} | {AccessWriters.Direction(change)} |\n");
        }
        output.Write("\n");
        var witnesses = changes.SelectMany(change => new[] { change.Lost, change.Won }).OfType<AccessWitness>().ToList();
        if (witnesses.Count == 0)
            return;
        output.Write($"<details><summary>A row and a session for each ({witnesses.Count})</summary>\n\n");
        foreach (var witness in witnesses)
            output.Write($"- {Escape(witness.ToString())}\n");
        output.Write("\n</details>\n\n");
    }

    public void End()
    {
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}

/// <summary>For other programs.</summary>
internal sealed class AccessJsonWriter : IAccessWriter, IDisposable
{
    private readonly TextWriter _output;
    private readonly MemoryStream _stream = new();
    private readonly Utf8JsonWriter _json;

    public AccessJsonWriter(TextWriter output)
    {
        _output = output;
        _json = new(_stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteNumber("version", 1);
        _json.WriteStartArray("databases");
    }

    public void Write(string database, AccessMap map)
    {
        _json.WriteStartObject();
        _json.WriteString("name", database);
        _json.WriteStartArray("access");
        foreach (var cell in map.Cells)
        {
            _json.WriteStartObject();
            WriteSubject(cell);
            _json.WriteString("rows", AccessWriters.Words(cell.Extent));
            _json.WriteBoolean("decided", cell.Extent != AccessExtent.Undecided);
            if (cell.Detail.Length > 0)
                _json.WriteString("reason", cell.Detail);
            WriteWitness("witness", cell.Witness);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    public void Write(string database, IReadOnlyList<AccessCellChange> changes)
    {
        _json.WriteStartObject();
        _json.WriteString("name", database);
        _json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            _json.WriteStartObject();
            WriteSubject(change.After ?? change.Before!);
            _json.WriteString("before", change.Before is null ? null : AccessWriters.Words(change.Before.Extent));
            _json.WriteString("after", change.After is null ? null : AccessWriters.Words(change.After.Extent));
            WriteWitness("lost", change.Lost);
            WriteWitness("won", change.Won);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    public void End()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _output.Write(Encoding.UTF8.GetString(_stream.GetBuffer(), 0, (int)_stream.Length) + "\n");
    }

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private void WriteSubject(AccessCell cell)
    {
        _json.WriteString("table", cell.Table.ToString());
        _json.WriteString("command", AccessWriters.Command(cell));
        _json.WriteString("role", cell.Role);
    }

    private void WriteWitness(string name, AccessWitness? witness)
    {
        if (witness is not null)
            _json.WriteString(name, witness.ToString());
    }
}
