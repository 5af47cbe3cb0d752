namespace CoopAI.Web.Pages;

/// <summary>One page of a list.</summary>
/// <param name="Number">Of this page, from 1.</param>
/// <param name="Pages">At least 1.</param>
/// <param name="Total">Items on all pages.</param>
/// <param name="First">Number of the first item on this page, from 1.</param>
public sealed record Paged<T>(IReadOnlyList<T> Items, int Number, int Pages, int Total, int First)
{
    public bool HasNext => Number < Pages;
}

/// <summary>Cuts lists into pages.</summary>
public static class Paged
{
    /// <param name="number">Of the page wanted; a number that is none gives the nearest.</param>
    /// <param name="size">Items on one page, at least 1.</param>
    public static Paged<T> Of<T>(IReadOnlyList<T> all, int number, int size)
    {
        ArgumentNullException.ThrowIfNull(all);
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        number = Math.Clamp(number, 1, pages);
        var before = (number - 1) * size;
        return new([.. all.Skip(before).Take(size)], number, pages, all.Count, before + 1);
    }
}
