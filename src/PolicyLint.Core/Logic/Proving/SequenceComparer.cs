namespace PolicyLint.Core.Logic.Proving;

/// <summary>Compares arrays of numbers by what they hold.</summary>
internal sealed class SequenceComparer : IEqualityComparer<int[]>
{
    public static SequenceComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null || x.Length != y.Length)
            return false;
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i])
                return false;
        }
        return true;
    }

    public int GetHashCode(int[] obj)
    {
        var hash = obj.Length;
        foreach (var number in obj)
            hash = unchecked((((hash << 5) | (int)((uint)hash >> 27)) + hash) ^ number);
        return hash;
    }
}
