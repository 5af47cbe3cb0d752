using System.Globalization;

namespace CoopAI.Core.Guidance;

/// <summary>Reads pre-election periods from a table (CSV) or a calendar (iCalendar, RFC 5545).</summary>
/// <remarks>
/// A table has the columns council, from, to and, if it likes, source, in any order, with days as 2027-03-23 or 23/03/2027. In a calendar each
/// event is one period: its summary names the council, its days are the period's (an event of whole days ends the day before DTEND). Both days
/// of a period count. Nothing is taken from a file in which one row is wrong.
/// </remarks>
public static class ElectionCalendar
{
    /// <summary>Largest file, in characters, and longest name of a council.</summary>
    public const int MaxLength = 500_000, MaxCouncil = 200;

    private static readonly string[] Days = ["yyyy-MM-dd", "d/M/yyyy"];

    /// <exception cref="BadInputException">The file is too long, or a row is wrong: which, and what would be right.</exception>
    public static IReadOnlyList<ElectionWindow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength) throw new BadInputException($"The file has {text.Length:N0} characters; at most {MaxLength:N0} are read.");
        text = text.TrimStart('\uFEFF');
        var periods = text.AsSpan().TrimStart().StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase) ? Events(text) : Rows(text);
        return periods.Count > 0 ? periods : throw new BadInputException("There is no period in this file: write the columns council, from and to, or give a calendar (.ics) with one event for each period.");
    }

    /// <summary>Checks one period.</summary>
    /// <param name="place">Where it stands, for the message.</param>
    /// <exception cref="BadInputException">The council is missing or too long, or the days are the wrong way round or more than a year apart.</exception>
    public static ElectionWindow Check(ElectionWindow period, string place)
    {
        ArgumentNullException.ThrowIfNull(period);
        if (string.IsNullOrWhiteSpace(period.Council) || period.Council.Length > MaxCouncil) throw new BadInputException($"{place}: the council's name must have 1 to {MaxCouncil} characters.");
        if (period.From > period.To) throw new BadInputException($"{place}: the period ends on {Said(period.To)}, before it begins on {Said(period.From)}.");
        if (period.To.DayNumber - period.From.DayNumber > 366) throw new BadInputException($"{place}: the period from {Said(period.From)} to {Said(period.To)} is longer than a year.");
        return period;
    }

    private static List<ElectionWindow> Rows(string text)
    {
        var periods = new List<ElectionWindow>();
        string[]? columns = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = Cells(line);
            if (columns is null)
            {
                columns = [.. cells.Select(c => c.Trim().ToLowerInvariant())];
                foreach (var needed in (string[])["council", "from", "to"])
                {
                    if (!columns.Contains(needed)) throw new BadInputException($"Line {number}: the first row must name the columns council, from and to; \"{needed}\" is missing.");
                }

                continue;
            }

            string? Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var at && at < cells.Count && cells[at].Trim() is { Length: > 0 } cell ? cell : null;
            periods.Add(Check(new(Cell("council") ?? "", Day(Cell("from"), $"Line {number}", "from"), Day(Cell("to"), $"Line {number}", "to"), Cell("source")), $"Line {number}"));
        }

        return periods;
    }

    private static List<ElectionWindow> Events(string text)
    {
        // A line that begins with a blank goes on with the one before.
        var lines = text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal).Split('\n');
        var periods = new List<ElectionWindow>();
        Dictionary<string, string>? current = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Equals("BEGIN:VEVENT", StringComparison.OrdinalIgnoreCase)) current = new(StringComparer.OrdinalIgnoreCase);
            else if (line.Equals("END:VEVENT", StringComparison.OrdinalIgnoreCase) && current is not null)
            {
                var place = $"Event {periods.Count + 1}, before line {i + 1}";
                var from = EventDay(current, "DTSTART", place).Day;
                var (to, wholeDays) = current.ContainsKey("DTEND") ? EventDay(current, "DTEND", place) : (from, false);
                // The end of an event of whole days is the first day that it does not cover.
                if (wholeDays && to > from) to = to.AddDays(-1);
                periods.Add(Check(new(Unescaped(current.GetValueOrDefault("SUMMARY", "")), from, to, current.GetValueOrDefault("URL")), place));
                current = null;
            }
            else if (current is not null && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                current[line[..colon].Split(';')[0]] = line[(colon + 1)..].Trim();
            }
        }

        return periods;
    }

    private static (DateOnly Day, bool WholeDays) EventDay(Dictionary<string, string> fields, string name, string place) =>
        fields.TryGetValue(name, out var value) && value.Length >= 8 && DateOnly.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (day, value.Length == 8) : throw new BadInputException($"{place}: {name} must be a day, such as {name};VALUE=DATE:20270323.");

    private static DateOnly Day(string? text, string place, string column) =>
        DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw new BadInputException($"{place}: \"{text}\" in the column {column} is no day; write it as 2027-03-23 or 23/03/2027.");

    private static string Said(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Unescaped(string text) => text.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\;", ";", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.OrdinalIgnoreCase).Replace("\\\\", "\\", StringComparison.Ordinal).Trim();

    // Cells in quotes may hold commas, and a quote written twice.
    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(line[i]);
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
