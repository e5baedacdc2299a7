using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Column, table and domain constraints.</content>
internal sealed partial class SqlStatementParser
{
    /// <summary>Attributes that may follow a constraint. gram.y ConstraintAttributeSpec.</summary>
    private struct ConstraintAttributes
    {
        public bool IsDeferrable;
        public bool IsNotDeferrable;
        public bool IsInitiallyDeferred;
        public bool IsInitiallyImmediate;
        public bool IsInitiallyFirst;
        public bool IsNotValid;
        public bool IsNoInherit;
        public bool IsNotEnforced;
        public bool IsEnforced;
    }

    private Constraint[] ColumnConstraints()
    {
        var mark = _items.Count;
        var hasCollation = false;
        var attributes = default(ConstraintAttributes);
        while (true)
        {
            var isConstraint = At(Keyword.Not) ? PeekIs(1, Keyword.Null) : AtColumnConstraint();
            if (!isConstraint)
            {
                // The grammar takes attributes that belong to no constraint.
                if (!ConstraintAttribute(ref attributes))
                    break;
                _hasNoRoom = true;
                continue;
            }
            if (At(Keyword.Collate))
            {
                if (hasCollation)
                    throw ErrorHere("multiple COLLATE clauses not allowed");
                hasCollation = true;
            }
            _items.Add(ColumnConstraint());
        }
        if (Accept(Keyword.Not))
            throw Unexpected();
        return ItemsFrom<Constraint>(mark);
    }

    private bool AtColumnConstraint() =>
        At(Keyword.Constraint) || At(Keyword.Not) || At(Keyword.Null) || At(Keyword.Unique) || At(Keyword.Primary) || At(Keyword.Check) || At(Keyword.Default)
        || At(Keyword.Generated) || At(Keyword.References) || At(Keyword.Collate);

    // [CONSTRAINT name] ColConstraintElem [attributes]; PostgreSQL keeps attributes as items of their own that follow what they belong to.
    private Constraint ColumnConstraint()
    {
        var start = Start;
        if (Accept(Keyword.Collate))
            return new CollateConstraint { Start = start, Collation = AnyName(), End = LastEnd };
        var name = Accept(Keyword.Constraint) ? ColumnId() : default;
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Null);
            var a = ColumnAttributes(mayBeNoInherit: true);
            return new NullabilityConstraint
            {
                Start = start, Name = name, IsNotNull = true, IsNoInherit = a.IsNoInherit, IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable,
                IsInitiallyDeferred = a.IsInitiallyDeferred, IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced,
                End = LastEnd,
            };
        }
        if (Accept(Keyword.Null))
            return new NullabilityConstraint { Start = start, Name = name, End = LastEnd };
        if (At(Keyword.Unique) || At(Keyword.Primary))
            return ColumnKey(start, name);
        if (Accept(Keyword.Check))
        {
            var condition = ExpressionInParentheses();
            var a = ColumnAttributes(mayBeNoInherit: true);
            return new CheckConstraint
            {
                Start = start, Name = name, Condition = condition, IsNoInherit = a.IsNoInherit, IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable,
                IsInitiallyDeferred = a.IsInitiallyDeferred, IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced,
                End = LastEnd,
            };
        }
        if (Accept(Keyword.Default))
            return new DefaultConstraint { Start = start, Name = name, Value = RestrictedExpression(), End = LastEnd };
        if (At(Keyword.Generated))
            return Generated(start, name);
        if (At(Keyword.References))
            return References(start, name, [], hasPeriod: false, isColumn: true);
        throw Unexpected();
    }

    private UniqueConstraint ColumnKey(int start, Name name)
    {
        var isPrimaryKey = AcceptPrimaryKeyOrUnique();
        var nullsNotDistinct = !isPrimaryKey && NullsNotDistinct();
        var options = At(Keyword.With) && PeekIs(1, TokenKind.OpenParen) ? DefinitionAfterWith() : [];
        var tablespace = ConstraintTablespace();
        var a = ColumnAttributes(mayBeNoInherit: false);
        return new UniqueConstraint
        {
            Start = start, Name = name, IsPrimaryKey = isPrimaryKey, NullsNotDistinct = nullsNotDistinct, Options = options, Tablespace = tablespace,
            IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable, IsInitiallyDeferred = a.IsInitiallyDeferred,
            IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced, End = LastEnd,
        };
    }

    private bool AcceptPrimaryKeyOrUnique()
    {
        if (Accept(Keyword.Unique))
            return false;
        Expect(Keyword.Primary);
        Expect(Keyword.Key);
        return true;
    }

    private bool NullsNotDistinct()
    {
        if (!Accept(Keyword.Nulls))
            return false;
        var isNot = Accept(Keyword.Not);
        Expect(Keyword.Distinct);
        return isNot;
    }

    private OptionItem[] DefinitionAfterWith()
    {
        Expect(Keyword.With);
        return Definition();
    }

    private Name ConstraintTablespace()
    {
        if (!At(Keyword.Using))
            return default;
        Advance();
        Expect(Keyword.Index);
        Expect(Keyword.Tablespace);
        return ColumnId();
    }

    // GENERATED ALWAYS|BY DEFAULT AS IDENTITY [(…)] | GENERATED ALWAYS AS (e) [STORED|VIRTUAL]
    private Constraint Generated(int start, Name name)
    {
        Expect(Keyword.Generated);
        var byStart = Start;
        var isByDefault = GeneratedWhen();
        Expect(Keyword.As);
        if (Accept(Keyword.Identity))
        {
            var options = ParenthesizedSequenceOptions();
            return new IdentityConstraint { Start = start, Name = name, IsByDefault = isByDefault, Options = options, End = LastEnd };
        }
        var value = ExpressionInParentheses();
        if (isByDefault)
            throw ErrorAt(byStart, "for a generated column, GENERATED ALWAYS must be specified");
        var isStored = Accept(Keyword.Stored);
        var isVirtual = !isStored && Accept(Keyword.Virtual);
        return new GeneratedConstraint { Start = start, Name = name, Value = value, IsStored = isStored, IsVirtual = isVirtual, End = LastEnd };
    }

    private bool GeneratedWhen()
    {
        if (Accept(Keyword.Always))
            return false;
        Expect(Keyword.By);
        Expect(Keyword.Default);
        return true;
    }

    // REFERENCES table [(columns)] [MATCH m] [ON DELETE|UPDATE action]…
    private ForeignKeyConstraint References(int start, Name name, Name[] columns, bool hasPeriod, bool isColumn)
    {
        Expect(Keyword.References);
        var table = QualifiedName();
        Name[] referenced = [];
        var hasReferencedPeriod = false;
        if (At(TokenKind.OpenParen))
            referenced = isColumn ? ColumnList() : ColumnListWithPeriod(out hasReferencedPeriod);
        var match = Match();
        ReferentialAction onDelete = default, onUpdate = default;
        Name[] onDeleteColumns = [];
        while (At(Keyword.On))
        {
            var actionStart = Start;
            Advance();
            if (onUpdate == default && At(Keyword.Update))
            {
                Advance();
                onUpdate = Action();
                if (At(TokenKind.OpenParen) && onUpdate is ReferentialAction.SetNull or ReferentialAction.SetDefault)
                {
                    ColumnList();
                    throw ErrorAt(actionStart, $"a column list with {(onUpdate == ReferentialAction.SetNull ? "SET NULL" : "SET DEFAULT")} is only supported for ON DELETE actions");
                }
            }
            else if (onDelete == default && At(Keyword.Delete))
            {
                Advance();
                onDelete = Action();
                if (onDelete is ReferentialAction.SetNull or ReferentialAction.SetDefault)
                    onDeleteColumns = OptionalColumnList();
            }
            else
            {
                throw Unexpected();
            }
        }
        var a = isColumn
            ? ColumnAttributes(mayBeNoInherit: false)
            : TableConstraintAttributes("FOREIGN KEY", AllowedAttributes.Deferrable | AllowedAttributes.NotValid | AllowedAttributes.Enforced);
        return new ForeignKeyConstraint
        {
            Start = start, Name = name, Columns = columns, HasPeriod = hasPeriod, Table = table, ReferencedColumns = referenced,
            HasReferencedPeriod = hasReferencedPeriod, Match = match, OnDelete = onDelete, OnDeleteColumns = onDeleteColumns, OnUpdate = onUpdate,
            IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable, IsInitiallyDeferred = a.IsInitiallyDeferred,
            IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotValid = a.IsNotValid, IsNoInherit = a.IsNoInherit, IsNotEnforced = a.IsNotEnforced,
            IsEnforced = a.IsEnforced, End = LastEnd,
        };
    }

    private ForeignKeyMatch Match()
    {
        var start = Start;
        if (!Accept(Keyword.Match))
            return ForeignKeyMatch.Unspecified;
        if (Accept(Keyword.Full))
            return ForeignKeyMatch.Full;
        if (Accept(Keyword.Partial))
            throw ErrorAt(start, "MATCH PARTIAL not yet implemented");
        Expect(Keyword.Simple);
        return ForeignKeyMatch.Simple;
    }

    private ReferentialAction Action()
    {
        if (Accept(Keyword.No))
        {
            Expect(Keyword.Action);
            return ReferentialAction.NoAction;
        }
        if (Accept(Keyword.Restrict))
            return ReferentialAction.Restrict;
        if (Accept(Keyword.Cascade))
            return ReferentialAction.Cascade;
        Expect(Keyword.Set);
        if (Accept(Keyword.Null))
            return ReferentialAction.SetNull;
        Expect(Keyword.Default);
        return ReferentialAction.SetDefault;
    }

    // (a, b [, PERIOD c])
    private Name[] ColumnListWithPeriod(out bool hasPeriod)
    {
        hasPeriod = false;
        Expect(TokenKind.OpenParen);
        var columns = new List<Name> { ColumnId() };
        while (!hasPeriod && Accept(TokenKind.Comma))
        {
            // PERIOD is an unreserved word: alone it is a column.
            hasPeriod = At(Keyword.Period) && !PeekIs(1, TokenKind.Comma) && !PeekIs(1, TokenKind.CloseParen);
            if (hasPeriod)
                Advance();
            columns.Add(ColumnId());
        }
        Expect(TokenKind.CloseParen);
        return [.. columns];
    }

    private bool AtTableConstraint() =>
        At(Keyword.Constraint) || At(Keyword.Check) || At(Keyword.Unique) || At(Keyword.Primary) || At(Keyword.Foreign)
        || (At(Keyword.Not) && PeekIs(1, Keyword.Null)) || (At(Keyword.Exclude) && (PeekIs(1, TokenKind.OpenParen) || PeekIs(1, Keyword.Using)));

    // [CONSTRAINT name] ConstraintElem. gram.y TableConstraint.
    private Constraint TableConstraint()
    {
        var start = Start;
        var name = Accept(Keyword.Constraint) ? ColumnId() : default;
        if (Accept(Keyword.Check))
        {
            var condition = ExpressionInParentheses();
            var a = TableConstraintAttributes("CHECK", AllowedAttributes.NotValid | AllowedAttributes.NoInherit | AllowedAttributes.Enforced);
            return new CheckConstraint
            {
                Start = start, Name = name, Condition = condition, IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable,
                IsInitiallyDeferred = a.IsInitiallyDeferred, IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotValid = a.IsNotValid,
                IsNoInherit = a.IsNoInherit, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced, End = LastEnd,
            };
        }
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Null);
            var column = ColumnId();
            var a = TableConstraintAttributes("NOT NULL", AllowedAttributes.NotValid | AllowedAttributes.NoInherit);
            return new NullabilityConstraint
            {
                Start = start, Name = name, IsNotNull = true, Column = column, IsNotValid = a.IsNotValid, IsNoInherit = a.IsNoInherit,
                IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable, IsInitiallyDeferred = a.IsInitiallyDeferred,
                IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced, End = LastEnd,
            };
        }
        if (At(Keyword.Unique) || At(Keyword.Primary))
            return TableKey(start, name);
        if (Accept(Keyword.Exclude))
            return Exclusion(start, name);
        Expect(Keyword.Foreign);
        Expect(Keyword.Key);
        var columns = ColumnListWithPeriod(out var hasPeriod);
        return References(start, name, columns, hasPeriod, isColumn: false);
    }

    private UniqueConstraint TableKey(int start, Name name)
    {
        var isPrimaryKey = AcceptPrimaryKeyOrUnique();
        var kind = isPrimaryKey ? "PRIMARY KEY" : "UNIQUE";
        ConstraintAttributes a;
        if (Accept(Keyword.Using))
        {
            Expect(Keyword.Index);
            var usingIndex = ColumnId();
            a = TableConstraintAttributes(kind, AllowedAttributes.Deferrable);
            return new UniqueConstraint
            {
                Start = start, Name = name, IsPrimaryKey = isPrimaryKey, UsingIndex = usingIndex, IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable,
                IsInitiallyDeferred = a.IsInitiallyDeferred, IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotValid = a.IsNotValid,
                IsNoInherit = a.IsNoInherit, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced, End = LastEnd,
            };
        }
        var nullsNotDistinct = !isPrimaryKey && NullsNotDistinct();
        Expect(TokenKind.OpenParen);
        var columns = CommaList(static parser => parser.ColumnId());
        var isWithoutOverlaps = Accept(Keyword.Without);
        if (isWithoutOverlaps)
            Expect(Keyword.Overlaps);
        Expect(TokenKind.CloseParen);
        var include = Accept(Keyword.Include) ? ColumnList() : [];
        var options = At(Keyword.With) ? DefinitionAfterWith() : [];
        var tablespace = ConstraintTablespace();
        a = TableConstraintAttributes(kind, AllowedAttributes.Deferrable);
        return new UniqueConstraint
        {
            Start = start, Name = name, IsPrimaryKey = isPrimaryKey, NullsNotDistinct = nullsNotDistinct, Columns = columns, IsWithoutOverlaps = isWithoutOverlaps,
            Include = include, Options = options, Tablespace = tablespace, IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable,
            IsInitiallyDeferred = a.IsInitiallyDeferred, IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotValid = a.IsNotValid,
            IsNoInherit = a.IsNoInherit, IsNotEnforced = a.IsNotEnforced, IsEnforced = a.IsEnforced, End = LastEnd,
        };
    }

    // EXCLUDE [USING m] (element WITH operator, …) [INCLUDE (…)] [WITH (…)] [USING INDEX TABLESPACE t] [WHERE (e)]
    private ExclusionConstraint Exclusion(int start, Name name)
    {
        var method = Accept(Keyword.Using) ? ColumnId() : default;
        Expect(TokenKind.OpenParen);
        var elements = CommaList(static parser => parser.ExclusionElement());
        Expect(TokenKind.CloseParen);
        var include = Accept(Keyword.Include) ? ColumnList() : [];
        var options = At(Keyword.With) ? DefinitionAfterWith() : [];
        var tablespace = ConstraintTablespace();
        var where = Accept(Keyword.Where) ? ExpressionInParentheses() : null;
        var a = TableConstraintAttributes("EXCLUDE", AllowedAttributes.Deferrable);
        return new ExclusionConstraint
        {
            Start = start, Name = name, Method = method, Elements = elements, Include = include, Options = options, Tablespace = tablespace, Where = where,
            IsDeferrable = a.IsDeferrable, IsNotDeferrable = a.IsNotDeferrable, IsInitiallyDeferred = a.IsInitiallyDeferred,
            IsInitiallyImmediate = a.IsInitiallyImmediate, IsInitiallyFirst = a.IsInitiallyFirst, IsNotValid = a.IsNotValid, IsNoInherit = a.IsNoInherit, IsNotEnforced = a.IsNotEnforced,
            IsEnforced = a.IsEnforced, End = LastEnd,
        };
    }

    private ExclusionElement ExclusionElement()
    {
        var start = Start;
        var element = IndexElement();
        Expect(Keyword.With);
        var isOperatorSyntax = At(Keyword.Operator);
        var name = isOperatorSyntax ? QualifiedOperator() : AnyOperator();
        return new ExclusionElement { Start = start, Element = element, Operator = name, IsOperatorSyntax = isOperatorSyntax, End = LastEnd };
    }

    private Expression ExpressionInParentheses()
    {
        Expect(TokenKind.OpenParen);
        var expression = Expression();
        Expect(TokenKind.CloseParen);
        return expression;
    }

    private ConstraintAttributes ColumnAttributes(bool mayBeNoInherit)
    {
        var attributes = default(ConstraintAttributes);
        if (mayBeNoInherit && Accept(Keyword.No))
        {
            Expect(Keyword.Inherit);
            attributes.IsNoInherit = true;
        }
        while (ConstraintAttribute(ref attributes))
        {
        }
        _hasNoRoom |= (attributes.IsDeferrable && attributes.IsNotDeferrable) || (attributes.IsInitiallyDeferred && attributes.IsInitiallyImmediate)
            || (attributes.IsEnforced && attributes.IsNotEnforced);
        return attributes;
    }

    // NOT may begin the next constraint, NOT NULL, so it is looked through before it is taken.
    private bool ConstraintAttribute(ref ConstraintAttributes attributes)
    {
        if (Accept(Keyword.Deferrable))
        {
            attributes.IsDeferrable = true;
        }
        else if (Accept(Keyword.Initially))
        {
            attributes.IsInitiallyFirst = !attributes.IsDeferrable && !attributes.IsNotDeferrable;
            if (Accept(Keyword.Deferred))
            {
                attributes.IsInitiallyDeferred = true;
            }
            else
            {
                Expect(Keyword.Immediate);
                attributes.IsInitiallyImmediate = true;
            }
        }
        else if (Accept(Keyword.Enforced))
        {
            attributes.IsEnforced = true;
        }
        else if (At(Keyword.Not) && PeekIs(1, Keyword.Deferrable))
        {
            Advance();
            Advance();
            attributes.IsNotDeferrable = true;
        }
        else if (At(Keyword.Not) && PeekIs(1, Keyword.Enforced))
        {
            Advance();
            Advance();
            attributes.IsNotEnforced = true;
        }
        else
        {
            return false;
        }
        return true;
    }

    [Flags]
    private enum AllowedAttributes
    {
        None = 0,
        Deferrable = 1,
        NotValid = 2,
        NoInherit = 4,
        Enforced = 8,
    }

    // gram.y processCASbits: the grammar takes every attribute, and a kind of constraint some of them.
    private ConstraintAttributes TableConstraintAttributes(string kind, AllowedAttributes allowed)
    {
        var start = Start;
        var attributes = TableConstraintAttributes();
        if ((attributes.IsDeferrable || attributes.IsInitiallyDeferred) && (allowed & AllowedAttributes.Deferrable) == 0)
            throw ErrorAt(start, kind + " constraints cannot be marked DEFERRABLE");
        if (attributes.IsNotValid && (allowed & AllowedAttributes.NotValid) == 0)
            throw ErrorAt(start, kind + " constraints cannot be marked NOT VALID");
        if (attributes.IsNoInherit && (allowed & AllowedAttributes.NoInherit) == 0)
            throw ErrorAt(start, kind + " constraints cannot be marked NO INHERIT");
        if (attributes.IsNotEnforced && (allowed & AllowedAttributes.Enforced) == 0)
            throw ErrorAt(start, kind + " constraints cannot be marked NOT ENFORCED");
        if (attributes.IsEnforced && (allowed & AllowedAttributes.Enforced) == 0)
            throw ErrorAt(start, kind + " constraints cannot be marked ENFORCED");
        return attributes;
    }

    // ALTER CONSTRAINT name …
    private void AlteredAttributes()
    {
        var start = Start;
        var attributes = TableConstraintAttributes();
        if (attributes.IsNotValid)
            throw ErrorAt(start, "constraints cannot be altered to be NOT VALID");
    }

    private ConstraintAttributes TableConstraintAttributes()
    {
        var attributes = default(ConstraintAttributes);
        while (true)
        {
            var start = Start;
            if (ConstraintAttribute(ref attributes))
            {
                // gram.y ConstraintAttributeSpec: the same two checks, in this order.
                if (attributes.IsNotDeferrable && attributes.IsInitiallyDeferred)
                    throw ErrorAt(start, "constraint declared INITIALLY DEFERRED must be DEFERRABLE");
                if ((attributes.IsNotDeferrable && attributes.IsDeferrable) || (attributes.IsInitiallyDeferred && attributes.IsInitiallyImmediate)
                    || (attributes.IsEnforced && attributes.IsNotEnforced))
                    throw ErrorAt(start, "conflicting constraint properties");
            }
            else if (At(Keyword.Not))
            {
                Advance();
                Expect(Keyword.Valid);
                attributes.IsNotValid = true;
            }
            else if (At(Keyword.No))
            {
                Advance();
                Expect(Keyword.Inherit);
                attributes.IsNoInherit = true;
            }
            else
            {
                return attributes;
            }
        }
    }

    // [CONSTRAINT name] CHECK (e) … | NOT NULL …. gram.y DomainConstraint of ALTER DOMAIN.
    private Constraint DomainConstraint()
    {
        var start = Start;
        var name = Accept(Keyword.Constraint) ? ColumnId() : default;
        var isCheck = Accept(Keyword.Check);
        Expression? condition = null;
        if (isCheck)
        {
            condition = ExpressionInParentheses();
        }
        else
        {
            Expect(Keyword.Not);
            Expect(Keyword.Null);
        }
        var a = condition is null
            ? TableConstraintAttributes("NOT NULL", AllowedAttributes.None)
            : TableConstraintAttributes("CHECK", AllowedAttributes.NotValid | AllowedAttributes.NoInherit);
        if (condition is null)
            return new NullabilityConstraint { Start = start, Name = name, IsNotNull = true, IsNotValid = a.IsNotValid, IsNoInherit = a.IsNoInherit, End = LastEnd };
        return new CheckConstraint { Start = start, Name = name, Condition = condition, IsNotValid = a.IsNotValid, IsNoInherit = a.IsNoInherit, End = LastEnd };
    }
}
