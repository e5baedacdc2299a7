using PolicyLint.Core.Catalog.Replay;

namespace PolicyLint.Core.Tests.Catalog;

public sealed class DictionaryHistoryTests
{
    [Fact]
    public void A_moment_holds_what_a_copy_would_whatever_comes_after()
    {
        var random = new Random(1);
        var log = new UndoLog();
        var dictionary = new UndoDictionary<string, object>(log, StringComparer.Ordinal);
        var moments = new List<(DictionaryHistory<string, object>.Moment Moment, Dictionary<string, object> Copy)>();
        for (var i = 0; i < 2000; i++)
        {
            var key = "k" + random.Next(20);
            switch (random.Next(6))
            {
                case 0:
                    dictionary.Remove(key);
                    break;
                case 1 when log.Mark > 0:
                    log.RollBackTo(random.Next(log.Mark));
                    break;
                case 2:
                    log.Forget();
                    break;
                case 3:
                    moments.Add((dictionary.Snapshot(), new(dictionary.Items)));
                    break;
                default:
                    dictionary.Set(key, new());
                    break;
            }
        }

        foreach (var (moment, copy) in moments)
        {
            Assert.Equal(copy.Count, moment.Count);
            Assert.Equal(copy.OrderBy(static pair => pair.Key), moment.OrderBy(static pair => pair.Key));
        }
        for (var i = 1; i < moments.Count; i++)
        {
            var (before, after) = (moments[i - 1], moments[i]);
            var changed = after.Moment.ChangedSince(before.Moment)!;
            foreach (var key in before.Copy.Keys.Union(after.Copy.Keys))
            {
                var isSame = before.Copy.TryGetValue(key, out var was) && after.Copy.TryGetValue(key, out var now) && ReferenceEquals(was, now);
                Assert.True(isSame || changed.Contains(key));
            }
        }
    }

    [Fact]
    public void What_did_not_change_is_the_same_moment()
    {
        var dictionary = new UndoDictionary<string, object>(new());
        dictionary.Set("a", 1);
        var first = dictionary.Snapshot();

        Assert.Same(first, dictionary.Snapshot());
        Assert.Empty(first.ChangedSince(first)!);
        dictionary.Set("b", 2);
        Assert.Equal(["b"], dictionary.Snapshot().ChangedSince(first)!);
    }
}
