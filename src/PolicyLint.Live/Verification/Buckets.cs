using System.Globalization;
using System.Text.Json;
using PolicyLint.Core.Verification;

namespace PolicyLint.Live.Verification;

/// <summary>Storage buckets as Supabase keeps them: rows of storage.buckets, whose columns differ from version to version.</summary>
internal static class Buckets
{
    /// <summary>One query for all buckets of a plan.</summary>
    public static DataCheck ToCheck(IReadOnlyList<BucketExpected> expected)
    {
        var ids = string.Join(", ", expected.Select(static bucket => Identifier.Literal(bucket.Id)));
        return new(expected, $"select b.id, pg_catalog.to_jsonb(b)::text from storage.buckets b where b.id in ({ids})", [], rows =>
        {
            var found = rows.ToDictionary(static row => row[0], static row => row[1], StringComparer.Ordinal);
            return [.. expected.Select(bucket => Judge(bucket, found.GetValueOrDefault(bucket.Id)))];
        });
    }

    private static (CheckOutcome, string) Judge(BucketExpected expected, string? json)
    {
        if (json is null)
            return (expected.Exists ? CheckOutcome.Failed : CheckOutcome.Passed, "there is none");
        using var document = JsonDocument.Parse(json);
        var bucket = document.RootElement;
        var isPublic = Get(bucket, "public") is { ValueKind: JsonValueKind.True };
        long? limit = Get(bucket, "file_size_limit") is { ValueKind: JsonValueKind.Number } size ? size.GetInt64() : null;
        string[] types = Get(bucket, "allowed_mime_types") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(static type => type.GetString()!)] : [];
        var fits = expected.Exists
            && (expected.Public is null || expected.Public == isPublic)
            && (expected.SizeLimit is null || expected.SizeLimit == limit)
            && (expected.MimeTypes.Count == 0 || expected.MimeTypes.Order(StringComparer.Ordinal).SequenceEqual(types.Order(StringComparer.Ordinal)));
        var found = $"{(isPublic ? "public" : "not public")}, {(limit is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) + " bytes" : "no size limit")}{(types.Length > 0 ? ", " + string.Join(", ", types) : "")}";
        return (fits ? CheckOutcome.Passed : CheckOutcome.Failed, found);
    }

    private static JsonElement? Get(JsonElement bucket, string name) => bucket.TryGetProperty(name, out var value) ? value : null;
}
