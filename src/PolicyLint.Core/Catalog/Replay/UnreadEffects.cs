using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>Statements that could not be read, or may not have run: marks what they may have changed as not known.</summary>
internal sealed class UnreadEffects(ReplayContext context)
{
    /// <summary>A statement with a syntax error.</summary>
    public void Broken(BrokenStatement statement, bool isConditional = false)
    {
        const string Message = "a statement that could not be read may have changed the catalog";
        var text = context.Source.GetText(statement.Span);
        switch (StatementHead.Of(text))
        {
            case { IsRefused: true }:
                context.Report("PostgreSQL has no such statement: it changes nothing", isError: !isConditional);
                return;
            case { Kind: ObjectKind.Table or ObjectKind.View } created:
                MaybeCreated(created.Target, Persistence.Permanent);
                break;
            case { Kind: ObjectKind.Function } created:
                MaybeReplaced(created.Target);
                break;
            case { } part when context.State.FindRelation(part.Target) is { } relation:
                context.Taint(relation, context.Here, isSide: part.Kind == ObjectKind.Trigger);
                break;
            default:
                TaintText(text, Message);
                return;
        }
        context.Report(Message);
    }

    /// <summary>A DO block with a syntax error, which PostgreSQL looks for before it runs any of it.</summary>
    public void BrokenBlock(Literal body, SyntaxError? error)
    {
        if (error is not null && StatementHead.IsRefusedAt(body.Source.Text, error.Span.Start))
            context.Report("PostgreSQL has no such statement as this block holds: the block changes nothing", isError: true);
        else
            TaintText(body.GetText(), "the effect of this DO block is not known");
    }

    /// <summary>Taints the relations that a text names; where it names none that is known and may change the catalog, anything may have changed.</summary>
    public void TaintText(string text, string message)
    {
        if (IsHarmless(text))
            return;
        var found = false;
        foreach (var word in Words(text))
        {
            found |= TaintNamed(word);
        }
        if (!found)
            context.State.AddUnknownEffect(context.Here);
        context.Report(message);
    }

    /// <summary>What a statement may have done that perhaps ran.</summary>
    public void Conditional(Statement statement)
    {
        switch (statement)
        {
            case AlterTableStatement alter:
                ConditionalAlter(alter);
                break;
            case CreatePolicyStatement create:
                Taint(create.Table);
                break;
            case AlterPolicyStatement alter:
                Taint(alter.Table);
                break;
            case CreateIndexStatement index:
                Taint(index.Table, isSide: !index.IsUnique);
                break;
            case CreateTriggerStatement trigger:
                Taint(trigger.Table, isSide: true);
                break;
            case CreateTableStatement create:
                MaybeCreated(create.Table, create.Persistence);
                break;
            case CreateTableAsStatement create:
                MaybeCreated(create.Table, create.Persistence);
                break;
            case CreateViewStatement create:
                MaybeCreated(create.View, create.Persistence);
                break;
            case CreateFunctionStatement create:
                MaybeReplaced(create.Function);
                break;
            case AlterFunctionStatement alter:
                MaybeReplaced(alter.Function);
                break;
            case GrantStatement grant:
                ConditionalGrant(grant);
                break;
            case DropStatement drop:
                ConditionalDrop(drop);
                break;
            case RenameStatement rename:
                Taint(rename.On.IsEmpty ? rename.Object : rename.On);
                break;
            case SetSchemaStatement move:
                Taint(move.Object);
                break;
            case ChangeOwnerStatement owner:
                Taint(owner.Object);
                break;
            case BrokenStatement broken:
                Broken(broken, isConditional: true);
                break;
            case DoStatement or CallStatement:
                TaintText(context.Source.GetText(statement.Span), "a statement that may not have run may have changed the catalog");
                break;
        }
    }

    private void ConditionalAlter(AlterTableStatement alter)
    {
        if (context.Require(alter.Table, alter.IfExists) is not { } relation)
            return;
        foreach (var action in alter.Actions)
        {
            if (action is not SetRowSecurity security || relation is not Table table)
                continue;
            var isOn = security.Action is RowSecurityAction.Enable or RowSecurityAction.Force;
            var fact = new Fact<bool>(isOn, context.Here, IsKnown: false);
            relation = security.Action is RowSecurityAction.Enable or RowSecurityAction.Disable
                ? table with { RowSecurityEnabled = fact }
                : table with { RowSecurityForced = fact };
            context.State.Replace(table, relation);
        }
        context.Taint(context.State.Relations[relation.Id], context.Here);
    }

    private void MaybeCreated(ObjectName name, Persistence persistence)
    {
        if (persistence == Persistence.Temporary)
            return;
        var id = context.IdForNew(name);
        var relation = context.State.Relations.TryGetValue(id, out var existing) ? existing : context.Assume(id, null);
        context.Taint(relation, context.Here);
    }

    private void MaybeReplaced(ObjectName name)
    {
        var overloads = context.State.FindFunctions(name);
        if (overloads.Count == 0)
        {
            var id = context.IdForNew(name);
            context.State.SetFunctions(id, [new Function { Id = id, IsAssumed = true, IsTainted = true, CreatedAt = context.Here, ChangedAt = context.Here }]);
            return;
        }
        context.State.SetFunctions(overloads[0].Id, Lists.Map(overloads, function => function with { IsTainted = true }));
    }

    private void ConditionalGrant(GrantStatement grant)
    {
        if (grant.Kind is not (ObjectKind.Table or ObjectKind.View or ObjectKind.ForeignTable))
            return;
        foreach (var target in grant.Targets)
        {
            if (grant.Scope == GrantTargetScope.Objects)
            {
                Taint(target.Name);
                continue;
            }
            foreach (var relation in new List<Relation>(context.State.Relations.Values))
            {
                if (relation.Id.Schema == target.Name.Name.Text)
                    context.Taint(relation, context.Here);
            }
        }
    }

    private void ConditionalDrop(DropStatement drop)
    {
        foreach (var target in drop.Targets)
        {
            if (!target.On.IsEmpty)
                Taint(target.On, isSide: drop.Kind == ObjectKind.Trigger);
            else if (drop.Kind is ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine)
                MaybeReplaced(target.Name);
            else if (drop.Kind is ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.ForeignTable)
                Taint(target.Name);
        }
    }

    private void Taint(ObjectName name, bool isSide = false)
    {
        if (context.State.FindRelation(name) is { } relation)
            context.Taint(relation, context.Here, isSide);
    }

    private bool TaintNamed(string word)
    {
        var dot = word.LastIndexOf('.');
        var name = new Name(dot < 0 ? word : word.Substring(dot + 1));
        if (name.IsEmpty)
            return false;
        var relation = context.State.FindRelation(new ObjectName(name, dot <= 0 ? default : new Name(word.Substring(0, dot))));
        if (relation is null)
            return false;
        context.Taint(relation, context.Here);
        return true;
    }

    // Statements that read or write rows leave the catalog as it is.
    private static bool IsHarmless(string text)
    {
        foreach (var word in Words(text))
            return word is "select" or "comment" or "insert" or "update" or "delete" or "values" or "copy" or "show" or "notify" or "listen" or "truncate" or "lock" or "analyze" or "vacuum" or "refresh";
        return true;
    }

    // Identifiers with their dots, folded as the lexer does; quoted ones as they are.
    private static IEnumerable<string> Words(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!IsStart(text[i]))
            {
                i++;
                continue;
            }
            var word = new System.Text.StringBuilder();
            while (i < text.Length && (IsStart(text[i]) || char.IsDigit(text[i]) || text[i] is '.' or '$'))
            {
                if (text[i] != '"')
                {
                    word.Append(char.ToLowerInvariant(text[i++]));
                    continue;
                }
                for (i++; i < text.Length && text[i] != '"'; i++)
                    word.Append(text[i]);
                i++;
            }
            yield return word.ToString();
        }
    }

    private static bool IsStart(char c) => char.IsLetter(c) || c is '_' or '"';
}
