using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.Flow;

namespace PolicyLint.CSharp.Connections;

/// <summary>One path: which connection each variable is or belongs to, and what is known of the connections.</summary>
/// <param name="Owners">The connection of a variable: itself, or that of its command, transaction or query.</param>
/// <param name="States">What is known of a connection; nothing where it is absent.</param>
/// <param name="Result">The connection of the expression that was evaluated last.</param>
/// <param name="Conditions">The conditions taken.</param>
internal sealed record ConnectionPath(ImmutableDictionary<ISymbol, object> Owners, ImmutableDictionary<object, ConnectionState> States, object? Result, ImmutableDictionary<string, bool> Conditions) : FlowPath(Conditions)
{
    public static ConnectionPath Empty { get; } = new(
        ImmutableDictionary.Create<ISymbol, object>(SymbolEqualityComparer.Default), ImmutableDictionary<object, ConnectionState>.Empty, null, ImmutableDictionary.Create<string, bool>(StringComparer.Ordinal));

    // Stands for the transaction that a TransactionScope gives every connection opened in it.
    private static readonly object Ambient = new();

    /// <summary>What is known of the connection.</summary>
    public ConnectionState StateOf(object? connection) => connection is not null && States.TryGetValue(connection, out var state) ? state : default;

    public ConnectionPath Own(ISymbol variable, object? connection) => this with { Owners = connection is null ? Owners.Remove(variable) : Owners.SetItem(variable, connection) };

    /// <summary>A connection is made or opened.</summary>
    public ConnectionPath Opening(object connection, ConnectionState state) =>
        With(connection, States.ContainsKey(Ambient) ? state with { HasTransaction = null } : state).Giving(connection);

    /// <summary>A TransactionScope begins.</summary>
    public ConnectionPath InScope() =>
        this with { States = States.ToImmutableDictionary(known => known.Key, known => known.Value with { HasTransaction = null }).SetItem(Ambient, default), Result = null };

    public ConnectionPath With(object connection, ConnectionState state) => this with { States = States.SetItem(connection, state) };

    /// <summary>The connection changes, if anything is known of it.</summary>
    public ConnectionPath Change(object? connection, Func<ConnectionState, ConnectionState> change) =>
        connection is not null && States.TryGetValue(connection, out var state) ? With(connection, change(state)) : this;

    /// <summary>Other code has the connection now.</summary>
    public ConnectionPath Forget(object? connection) => connection is null ? this : this with { States = States.Remove(connection) };

    /// <summary>Any connection may be what other code works on.</summary>
    public ConnectionPath ForgetAll() => this with { States = States.Clear() };

    public ConnectionPath Giving(object? result) => ReferenceEquals(Result, result) ? this : this with { Result = result };

    /// <summary>Both know the same of connections, whatever conditions they took.</summary>
    public bool KnowsTheSame(ConnectionPath other) => Equals(Result, other.Result) && AreEqual(Owners, other.Owners) && AreEqual(States, other.States);

    private static bool AreEqual<TKey, TValue>(ImmutableDictionary<TKey, TValue> left, ImmutableDictionary<TKey, TValue> right) where TKey : notnull
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left.Count != right.Count)
            return false;
        foreach (var pair in left)
        {
            if (!right.TryGetValue(pair.Key, out var value) || !EqualityComparer<TValue>.Default.Equals(pair.Value, value))
                return false;
        }
        return true;
    }
}
