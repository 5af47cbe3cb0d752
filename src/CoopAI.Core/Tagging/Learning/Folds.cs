namespace CoopAI.Core.Tagging.Learning;

/// <summary>Splits items into folds of equal size, by a seeded shuffle.</summary>
internal static class Folds
{
    /// <returns>The fold (0 to <paramref name="folds"/> − 1) of each item.</returns>
    public static int[] Assign(int items, int folds, int seed)
    {
        var order = Enumerable.Range(0, items).ToArray();
        new Random(seed).Shuffle(order);
        var fold = new int[items];
        for (var i = 0; i < items; i++) fold[order[i]] = i % folds;
        return fold;
    }
}
