using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Catalog;

namespace PolicyLint.CSharp.EntityFramework;

/// <summary>A look-up by a value that only one row of all tenants has: whoever knows a token has been given it, and no tenant is known before.</summary>
internal static class UniqueValue
{
    // Secrets: nobody guesses them.
    private static readonly string[] Secrets = ["Token", "Secret", "ApiKey", "InviteCode", "InvitationCode", "JoinCode", "AccessCode", "VerificationCode", "ConfirmationCode", "ResetCode", "ActivationCode", "AuthorizationCode", "DeviceCode", "UserCode"];

    // Names that the world gives: they are unique as a rule, and can be guessed.
    private static readonly string[] Names = ["DomainName", "Domain", "Subdomain", "Hostname", "Host", "Url", "Link"];

    // Systems that give ids of their own: `StripeCustomerId`.
    private static readonly string[] Givers = ["Gateway", "Stripe", "Paddle", "External", "Remote"];

    /// <summary>The query is one: by a secret, or by text or uuid that is unique over all tenants and no key of another table.</summary>
    public static bool IsLookedUp(EntityRead read) => read.Equalities().Any(equality =>
        !equality.Value.ConstantValue.HasValue && (IsNamed(equality.Property, Secrets) || read.Entity.IsUniqueOfAll(equality.Property) && IsHardToGuess(read.Entity, equality.Property)));

    /// <summary>A value of the kind that is unique as a rule, where no unique index says so; null where there is none.</summary>
    public static string? DoubtOf(EntityRead read)
    {
        foreach (var (property, value) in read.Equalities())
        {
            if (!value.ConstantValue.HasValue && (IsNamed(property, Names) || property.EndsWith("Hash", StringComparison.Ordinal) || IsGivenElsewhere(property)))
                return $"unless {property} is unique over all of them";
        }
        return null;
    }

    private static bool IsHardToGuess(EntityType entity, string property) => entity.ColumnOf(property) is { } column
        && (column.Type is "text" or "uuid" || column.Type.StartsWith("character", StringComparison.Ordinal))
        && !entity.Table!.Constraints.Any(constraint => constraint.Kind == ConstraintKind.ForeignKey && constraint.Columns.Contains(column.Name));

    private static bool IsGivenElsewhere(string property) => property.EndsWith("Id", StringComparison.Ordinal) && Givers.Any(giver => property.StartsWith(giver, StringComparison.Ordinal));

    // TokenHash is a token's, HashedToken too.
    private static bool IsNamed(string property, string[] names)
    {
        var name = property.EndsWith("Hash", StringComparison.Ordinal) ? property.Substring(0, property.Length - "Hash".Length) : property;
        return names.Any(known => name.EndsWith(known, StringComparison.Ordinal));
    }
}
