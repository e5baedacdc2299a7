using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Tests;

public class EntityFactTests
{
    private const string Bound = "bound";

    [Theory]
    [InlineData("m.Entity<Note>();", "Mapped Note")]
    [InlineData("m.Entity<Note>().ToTable(\"notes\", \"app\").HasKey(n => n.Id);", "Mapped Note, Table Note notes")]
    [InlineData("m.Entity<Note>().HasComment(\"x\").ToTable(\"notes\");", "Mapped Note, Table Note notes")]
    [InlineData("m.Entity<Note>().Property(n => n.Owner).IsRequired().HasColumnName(\"user_id\");", "Mapped Note, Column Note Owner user_id")]
    [InlineData("m.Entity<Note>().Property(\"Owner\").HasColumnName(\"user_id\");", "Mapped Note, Column Note Owner user_id")]
    [InlineData("m.Entity<Note>().Property(nameof(Note.Owner)).HasColumnName(\"user_id\");", "Mapped Note, Column Note Owner user_id")]
    [InlineData("m.Entity<Note>().HasQueryFilter(n => n.Owner == user);", "Mapped Note, Filter Note")]
    [InlineData("m.Entity<Note>().HasQueryFilter(\"mine\", (Note n) => n.Owner == user);", "Mapped Note, Filter Note mine")]
    [InlineData("m.Entity<App.Note>(n => { n.ToTable(\"notes\"); n.HasQueryFilter(x => x.Owner == user); });", "Table App.Note notes, Filter App.Note, Mapped App.Note")]
    [InlineData("m.Entity<Note>().HasOne(n => n.Author).WithMany(a => a.Notes).HasForeignKey(n => n.AuthorId);", "Mapped Note")]
    [InlineData("base.OnModelCreating(m); m.ApplyConfiguration(new NoteConfiguration());", "")]
    // The name, the property or the filter is made elsewhere.
    [InlineData("m.Entity<Note>().ToTable(Names.Notes);", Bound)]
    [InlineData("m.Entity<Note>().ToTable(schema: \"app\", name: \"notes\");", Bound)]
    [InlineData("m.Entity<Note>().Property(n => (object)n.Owner).HasColumnName(\"user_id\");", Bound)]
    [InlineData("m.Entity<Note>().Property(n => n.Owner).HasColumnName(Names.User);", Bound)]
    [InlineData("m.Entity<Note>().HasQueryFilter(filter);", Bound)]
    [InlineData("m.Entity<Note>().HasQueryFilter(Names.Mine, n => n.Owner == user);", Bound)]
    // The entity is another one, or may be.
    [InlineData("var notes = m.Entity<Note>(); notes.ToTable(\"notes\");", Bound)]
    [InlineData("other.Entity<Note>();", Bound)]
    [InlineData("m.Entity<Note>().HasMany(n => n.Tags).WithMany(t => t.Notes).UsingEntity(j => j.ToTable(\"note_tags\"));", Bound)]
    [InlineData("m.Entity<Note>().OwnsOne(n => n.Address, a => a.ToTable(\"addresses\"));", Bound)]
    [InlineData("m.Entity<Note>().OwnsOne(n => n.Address).Property(a => a.City).HasColumnName(\"city\");", Bound)]
    [InlineData("m.Entity<Note>().HasOne(n => n.Author).WithMany().ToTable(\"authors\");", Bound)]
    [InlineData("void Local() { } m.Entity<Note>().ToTable(\"notes\");", Bound)]
    public void A_body_is_read_by_its_words_or_bound(string body, string expected) =>
        Assert.Equal(expected, Read($"void OnModelCreating(ModelBuilder m) {{ {body} }}"));

    [Theory]
    [InlineData("builder.HasKey(n => n.Id);", "Mapped")]
    [InlineData("builder.ToTable(\"notes\");", "Table notes, Mapped")]
    [InlineData("builder.HasQueryFilter(n => n.Owner == user);", "Filter, Mapped")]
    [InlineData("builder.OwnsOne(n => n.Address, builder => builder.ToTable(\"addresses\"));", Bound)]
    public void A_configuration_names_its_entity_in_its_parameter(string body, string expected) =>
        Assert.Equal(expected, Read($"void Configure(EntityTypeBuilder<Note> builder) {{ {body} }}"));

    [Theory]
    [InlineData("n => n.Owner == given", "Owner")]
    [InlineData("n => given! == n.Owner && (n.Id == _own && !n.IsDeleted)", "Owner Id")]
    [InlineData("(Note n) => n.Owner == this._own", "Owner")]
    [InlineData("n => n.Owner == Inherited.Current.Id()", "Owner")]
    [InlineData("n => n.Owner == Hidden", "Owner")]
    // A constant may be null; a type's member may be one.
    [InlineData("n => n.Owner == Nobody", "")]
    [InlineData("n => n.Owner == null", "")]
    [InlineData("n => n.Owner == Names.Nobody", "")]
    [InlineData("n => n.Owner == Color.None", "")]
    [InlineData("n => n.Owner == m", "")]
    // Not of every row that passes, or not with a value.
    [InlineData("n => n.Owner == given || n.IsDeleted", "")]
    [InlineData("n => !(n.Owner == given)", "")]
    [InlineData("n => n.Owner != given", "")]
    [InlineData("n => n.Owner == n.Author", "")]
    [InlineData("n => n.Owner == _own.Of(n)", "")]
    [InlineData("given => given.Owner == given", "")]
    [InlineData("n => n.Parent.Owner == given", "")]
    public void A_filter_shows_what_it_compares_with_values(string lambda, string expected)
    {
        var code = $$"""
            class Base { private const string Hidden = null; protected Session Inherited; }
            class Names { public const string Nobody = null; }
            class Color { public const string None = null; }
            class C(string given, string Hidden) : Base { const string Nobody = null; string _own; Color Color => null; void M(object m) { F({{lambda}}); } }
            """;
        var tree = CSharpSyntaxTree.ParseText(code);
        var type = CSharpCompilation.Create("test", [tree]).GetTypeByMetadataName("C")!;
        var call = tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>().First(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "F" });

        Assert.Equal(expected, string.Join(" ", FilterSyntax.Compared(FilterSyntax.LambdaOf(call)!, type)));
    }

    private static string Read(string method)
    {
        var root = CSharpSyntaxTree.ParseText($"class C {{ {method} }}").GetRoot();
        var text = root.GetText();
        return EntityFact.In(root.DescendantNodes().OfType<MethodDeclarationSyntax>().First()) is { } facts
            ? string.Join(", ", facts.Select(fact => string.Join(" ", new[] { fact.Kind.ToString(), fact.Type is { } type ? Written(type) : "", fact.Property, fact.Name ?? "" }.Where(part => part.Length > 0))))
            : Bound;

        string Written(TextSpan span) => text.ToString(span);
    }
}
