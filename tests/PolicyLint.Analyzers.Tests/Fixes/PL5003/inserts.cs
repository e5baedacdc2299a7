// create table notes (id uuid primary key, user_id uuid not null, title text not null);
// create table tags (id uuid primary key, "TenantId" uuid not null, name text not null);
// create table drafts (id uuid primary key, title text not null);
using System.Data;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

public sealed class Notes(IDbConnection connection, NpgsqlDataSource source, DbContext context, Guid userId, Guid tenantId)
{
    public void Add(Guid id, string title) => connection.Execute("insert into notes (id, title) values (@id, @title)", new { id, title });

    public void Many(Guid id, Guid other) => connection.Execute("""
        INSERT INTO notes (
            id,
            title
        ) VALUES (
            @id,
            coalesce(@title, (''))
        ), (@other, ('none'))
        ON CONFLICT DO NOTHING
        """, new { id, other, title = "" });

    public void Bound(Guid id) => connection.Execute("insert into notes (id, title) values (@id, @userId)", new { id, userId });

    public void Drafts() => connection.Execute("insert into notes (id, title) select d.id, d.title as title from drafts d where d.title <> '' returning id");

    public void Copy() => connection.Execute("insert into notes (id, title) select gen_random_uuid(), title from notes where user_id = @userId", new { userId });

    public void FromAnother(Guid owner) => connection.Execute("insert into notes (id, title) select gen_random_uuid(), title from notes where user_id = @owner", new { owner });

    public void Tag(Guid id) => connection.Execute("insert into tags (id, name) values (@id, '')", new { id });

    public void Both(Guid id) => connection.Execute("insert into notes (id, title) values (@id, ''); insert into notes (id, title) values (gen_random_uuid(), '')", new { id });

    public void Named(Guid id)
    {
        using var command = source.CreateCommand("insert into notes (id, title) values (@id, '')");
        command.Parameters.AddWithValue("id", id);
        command.ExecuteNonQuery();
    }

    public void Positional(Guid id, string title)
    {
        using var command = source.CreateCommand();
        command.CommandText = "insert into notes (id, title) values ($1, $2)";
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(title);
        command.ExecuteNonQuery();
    }

    public void Interpolated(Guid id, string title) => context.Database.ExecuteSql($"insert into notes (id, title) values ({id}, {title})");

    public void Numbered(Guid id, string title) => context.Database.ExecuteSqlRaw("insert into notes (id, title) values ({0}, {1})", id, title);

    public void OtherValue(Guid id) => connection.Execute("insert into notes (id, title) values (@id, @userId)", new { id, userId = "" });

    public void NoColumns(Guid id) => connection.Execute("insert into notes values (@id)", new { id });

    public void Distinct() => connection.Execute("insert into notes (id, title) select distinct on (title) id, title from drafts");

    public void Union() => connection.Execute("insert into notes (id, title) select id, title from drafts union all select id, title from drafts");

    public void All() => connection.Execute("insert into notes (id, title) select * from drafts");

    public void List(List<Draft> drafts) => connection.Execute("insert into notes (id, title) values (@Id, @Title)", drafts);

    public static void Nobody(IDbConnection connection, Guid id) => connection.Execute("insert into notes (id, title) values (@id, '')", new { id });
}

public sealed record Draft(Guid Id, string Title);
