using System.Globalization;

namespace CoopAI.Core.Retrieval;

/// <summary>Years as people write them: <c>2019</c>, <c>2018..2022</c>, <c>2020..</c>, <c>..2019</c>.</summary>
public static class YearRange
{
    /// <summary>The years that can be asked for.</summary>
    public const int First = 1800, Last = 2200;

    /// <returns>Both ends inclusive; null: open.</returns>
    /// <exception cref="BadInputException">Not a year or a range of years.</exception>
    public static (int? From, int? To) Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null);
        var parts = text.Split("..");
        int? from = null, to = null;
        var ok = parts.Length switch
        {
            1 => Year(parts[0], out from) && from is not null && Set(out to, from),
            2 => Year(parts[0], out from) && Year(parts[1], out to) && (from is not null || to is not null),
            _ => false,
        };
        if (!ok) throw new BadInputException($"\"{(text.Length > 40 ? text[..40] + "…" : text)}\" is not a year or a range. Write 2019, 2018..2022, 2020.. or ..2019.");
        return from > to ? throw new BadInputException($"The range {text} ends before it begins. Write the earlier year first.") : (from, to);

        static bool Set(out int? target, int? value)
        {
            target = value;
            return true;
        }

        static bool Year(string part, out int? year)
        {
            year = null;
            if (string.IsNullOrWhiteSpace(part)) return true;
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < First or > Last) return false;
            year = value;
            return true;
        }
    }
}
