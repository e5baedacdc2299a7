namespace PolicyLint.Sql.Parsing;

/// <summary>What kind of name a keyword may still be. gram.y: ColId takes unreserved and column-name words, type_function_name unreserved and type words.</summary>
internal enum KeywordCategory : byte
{
    Unreserved,
    ColumnName,
    TypeOrFunction,
    Reserved,
}

/// <summary>Looks keywords up in a text and says what they may be.</summary>
internal static class KeywordFacts
{
    // kwlist.h in order: the word and its category (u, c, t, r), in upper case where it needs AS to be a column's label.
    private const string List = """
        abort:u absent:u absolute:u access:u action:u add:u admin:u after:u aggregate:u all:r also:u alter:u always:u analyse:r
        analyze:r and:r any:r array:R as:R asc:r asensitive:u assertion:u assignment:u asymmetric:r at:u atomic:u attach:u
        attribute:u authorization:t backward:u before:u begin:u between:c bigint:c binary:t bit:c boolean:c both:r breadth:u by:u
        cache:u call:u called:u cascade:u cascaded:u case:r cast:r catalog:u chain:u char:C character:C characteristics:u check:r
        checkpoint:u class:u close:u cluster:u coalesce:c collate:r collation:t column:r columns:u comment:u comments:u commit:u
        committed:u compression:u concurrently:t conditional:u configuration:u conflict:u connection:u constraint:r constraints:u
        content:u continue:u conversion:u copy:u cost:u create:R cross:t csv:u cube:u current:u current_catalog:r current_date:r
        current_role:r current_schema:t current_time:r current_timestamp:r current_user:r cursor:u cycle:u data:u database:u day:U
        deallocate:u dec:c decimal:c declare:u default:r defaults:u deferrable:r deferred:u definer:u delete:u delimiter:u
        delimiters:u depends:u depth:u desc:r detach:u dictionary:u disable:u discard:u distinct:r do:r document:u domain:u double:u
        drop:u each:u else:r empty:u enable:u encoding:u encrypted:u end:r enforced:u enum:u error:u escape:u event:u except:R
        exclude:u excluding:u exclusive:u execute:u exists:c explain:u expression:u extension:u external:u extract:c false:r family:u
        fetch:R filter:U finalize:u first:u float:c following:u for:R force:u foreign:r format:u forward:u freeze:t from:R full:t
        function:u functions:u generated:u global:u grant:R granted:u greatest:c group:R grouping:c groups:u handler:u having:R
        header:u hold:u hour:U identity:u if:u ilike:t immediate:u immutable:u implicit:u import:u in:r include:u including:u
        increment:u indent:u index:u indexes:u inherit:u inherits:u initially:r inline:u inner:t inout:c input:u insensitive:u
        insert:u instead:u int:c integer:c intersect:R interval:c into:R invoker:u is:t isnull:T isolation:u join:t json:c
        json_array:c json_arrayagg:c json_exists:c json_object:c json_objectagg:c json_query:c json_scalar:c json_serialize:c
        json_table:c json_value:c keep:u key:u keys:u label:u language:u large:u last:u lateral:r leading:r leakproof:u least:c
        left:t level:u like:t limit:R listen:u load:u local:u localtime:r localtimestamp:r location:u lock:u locked:u logged:u
        mapping:u match:u matched:u materialized:u maxvalue:u merge:u merge_action:c method:u minute:U minvalue:u mode:u month:U
        move:u name:u names:u national:c natural:t nchar:c nested:u new:u next:u nfc:u nfd:u nfkc:u nfkd:u no:u none:c normalize:c
        normalized:u not:r nothing:u notify:u notnull:T nowait:u null:r nullif:c nulls:u numeric:c object:u objects:u of:u off:u
        offset:R oids:u old:u omit:u on:R only:r operator:u option:u options:u or:r order:R ordinality:u others:u out:c outer:t
        over:U overlaps:T overlay:c overriding:u owned:u owner:u parallel:u parameter:u parser:u partial:u partition:u passing:u
        password:u path:u period:u placing:r plan:u plans:u policy:u position:c preceding:u precision:C prepare:u prepared:u
        preserve:u primary:r prior:u privileges:u procedural:u procedure:u procedures:u program:u publication:u quote:u quotes:u
        range:u read:u real:c reassign:u recursive:u ref:u references:r referencing:u refresh:u reindex:u relative:u release:u
        rename:u repeatable:u replace:u replica:u reset:u restart:u restrict:u return:u returning:R returns:u revoke:u right:t role:u
        rollback:u rollup:u routine:u routines:u row:c rows:u rule:u savepoint:u scalar:u schema:u schemas:u scroll:u search:u
        second:U security:u select:r sequence:u sequences:u serializable:u server:u session:u session_user:r set:u setof:c sets:u
        share:u show:u similar:t simple:u skip:u smallint:c snapshot:u some:r source:u sql:u stable:u standalone:u start:u
        statement:u statistics:u stdin:u stdout:u storage:u stored:u strict:u string:u strip:u subscription:u substring:c support:u
        symmetric:r sysid:u system:u system_user:r table:r tables:u tablesample:t tablespace:u target:u temp:u template:u temporary:u
        text:u then:r ties:u time:c timestamp:c to:R trailing:r transaction:u transform:u treat:c trigger:u trim:c true:r truncate:u
        trusted:u type:u types:u uescape:u unbounded:u uncommitted:u unconditional:u unencrypted:u union:R unique:r unknown:u
        unlisten:u unlogged:u until:u update:u user:r using:r vacuum:u valid:u validate:u validator:u value:u values:c varchar:c
        variadic:r varying:U verbose:t version:u view:u views:u virtual:u volatile:u when:r where:R whitespace:u window:R with:R
        within:U without:U work:u wrapper:u write:u xml:u xmlattributes:c xmlconcat:c xmlelement:c xmlexists:c xmlforest:c
        xmlnamespaces:c xmlparse:c xmlpi:c xmlroot:c xmlserialize:c xmltable:c year:U yes:u zone:u
        """;

    private const int BucketCount = 2048;

    private static readonly string[] Texts;
    private static readonly KeywordCategory[] Categories;
    private static readonly bool[] BareLabels;
    private static readonly ushort[] Buckets = new ushort[BucketCount];
    private static readonly ushort[] Next;
    private static readonly int LongestWord;

    static KeywordFacts()
    {
        var items = List.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Texts = new string[items.Length + 1];
        Categories = new KeywordCategory[items.Length + 1];
        BareLabels = new bool[items.Length + 1];
        Next = new ushort[items.Length + 1];
        Texts[0] = "";
        for (var i = 1; i <= items.Length; i++)
        {
            var item = items[i - 1];
            var text = item.Substring(0, item.Length - 2);
            var category = item[item.Length - 1];
            Texts[i] = text;
            BareLabels[i] = category is >= 'a' and <= 'z';
            Categories[i] = category switch
            {
                'u' or 'U' => KeywordCategory.Unreserved,
                'c' or 'C' => KeywordCategory.ColumnName,
                't' or 'T' => KeywordCategory.TypeOrFunction,
                _ => KeywordCategory.Reserved,
            };
            var bucket = Hash(text, 0, text.Length);
            Next[i] = Buckets[bucket];
            Buckets[bucket] = (ushort)i;
            LongestWord = Math.Max(LongestWord, text.Length);
        }
    }

    /// <summary>The keyword that a part of a text spells in any case, or None.</summary>
    public static Keyword Find(string text, int start, int length)
    {
        if (length < 2 || length > LongestWord)
            return Keyword.None;
        for (int index = Buckets[Hash(text, start, length)]; index != 0; index = Next[index])
        {
            if (Matches(Texts[index], text, start, length))
                return (Keyword)index;
        }
        return Keyword.None;
    }

    /// <summary>The word, lower case.</summary>
    public static string TextOf(Keyword keyword) => Texts[(int)keyword];

    public static KeywordCategory CategoryOf(Keyword keyword) => Categories[(int)keyword];

    /// <summary>May stand as a column's label without AS.</summary>
    public static bool IsBareLabel(Keyword keyword) => BareLabels[(int)keyword];

    private static int Hash(string text, int start, int length)
    {
        // Bit 5 makes ASCII letters lower case; what it does to other characters the comparison sorts out.
        var first = text[start] | 0x20;
        var second = text[start + 1] | 0x20;
        var middle = text[start + (length >> 1)] | 0x20;
        var last = text[start + length - 1] | 0x20;
        return ((first * 31) + (second * 131) + (middle * 1031) + (last * 7) + (length * 401)) & (BucketCount - 1);
    }

    private static bool Matches(string word, string text, int start, int length)
    {
        if (word.Length != length)
            return false;
        for (var i = 0; i < length; i++)
        {
            var c = text[start + i];
            if (c is >= 'A' and <= 'Z')
                c = (char)(c | 0x20);
            if (c != word[i])
                return false;
        }
        return true;
    }
}
