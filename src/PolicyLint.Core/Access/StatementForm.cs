namespace PolicyLint.Core.Access;

/// <summary>
/// What a statement does, as far as that decides which policies bind it (PostgreSQL manual, CREATE POLICY, table 297; rowsecurity.c).
/// Reading statements name columns in WHERE, SET or RETURNING and need the right to SELECT; blind ones do not, and SELECT policies do not bind them.
/// </summary>
public enum StatementForm
{
    Select,

    /// <summary>SELECT … FOR UPDATE or FOR SHARE.</summary>
    SelectForUpdate,

    Insert,

    /// <summary>INSERT … RETURNING: the new row must be one that the role may read.</summary>
    InsertReturning,

    /// <summary>INSERT … ON CONFLICT DO UPDATE, of the row that it updates. Rows that USING refuses raise an error instead of being left alone.</summary>
    InsertOnConflictUpdate,

    Update,

    /// <summary>`UPDATE t SET a = 1`: reads no column.</summary>
    BlindUpdate,

    Delete,

    /// <summary>`DELETE FROM t`: reads no column.</summary>
    BlindDelete,
}
