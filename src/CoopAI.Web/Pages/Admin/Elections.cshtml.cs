using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/elections</c>: pre-election periods of councils, one by one or from a calendar.</summary>
public sealed class ElectionsModel(ElectionBook elections, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    private static readonly string[] DateParts = ["day", "month", "year"];

    [BindProperty(Name = "council")]
    public string? Council { get; set; }

    [BindProperty(Name = "file")]
    public IFormFile? Upload { get; set; }

    /// <summary>The period whose button was used, as <see cref="Key"/> writes it.</summary>
    [BindProperty(Name = "period")]
    public string? Period { get; set; }

    /// <summary>All periods in force, with whether they can be removed here.</summary>
    public IReadOnlyList<(ElectionWindow Period, bool Own)> Periods =>
        [.. guidance.ElectionDates.Select(p => (p, false)).Concat(elections.Set.Select(p => (p, true))).OrderBy(p => p.Item1.From).ThenBy(p => p.Item1.Council, StringComparer.Ordinal)];

    public IEnumerable<(string Id, string Label, string?[] Value)> DateFields => [("from", "Notice of election", Typed("from")), ("to", "Polling day", Typed("to"))];

    public static string Key(ElectionWindow period) => string.Create(CultureInfo.InvariantCulture, $"{period.From:O}|{period.To:O}|{period.Council}");

    public void OnGet()
    {
        // The dates are read as they are shown.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var errors = new List<FormError>();
        var periods = new List<ElectionWindow>();
        if (Upload is { Length: > 0 })
        {
            try
            {
                using var reader = new StreamReader(Upload.OpenReadStream());
                periods.AddRange(ElectionCalendar.Read(await reader.ReadToEndAsync(HttpContext.RequestAborted)));
            }
            catch (BadInputException e)
            {
                errors.Add(new("file", e.Message));
            }
        }
        else
        {
            if (string.IsNullOrWhiteSpace(Council)) errors.Add(new("council", "Write the council’s name, or choose a file."));
            var days = DateFields.Select(f => Day(f.Id, f.Label, f.Value, errors)).ToList();
            if (errors.Count == 0)
            {
                try
                {
                    periods.Add(ElectionCalendar.Check(new(Council!.Trim(), days[0], days[1], "written by an administrator"), "These dates"));
                }
                catch (BadInputException e)
                {
                    errors.Add(new("from-day", e.Message));
                }
            }
        }

        return await ChangeAsync("added", Upload is null ? "council" : "file", string.Join('\n', periods.Select(Key)), errors, () =>
        {
            elections.Add(periods, Author, Reason!.Trim());
            return Task.CompletedTask;
        });
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        var key = Period?.Split('|', 3);
        // The button says what and the page why: a removed date is put back with one form.
        Reason = "Removed from the list.";
        var result = await ChangeAsync("removed", "council", Period ?? "", key is { Length: 3 } ? [] : [new("council", "Use one of the buttons in the list.")], () =>
        {
            elections.Remove(key![2], DateOnly.ParseExact(key[0], "O", CultureInfo.InvariantCulture), DateOnly.ParseExact(key[1], "O", CultureInfo.InvariantCulture), Author, Reason);
            return Task.CompletedTask;
        });
        return result is RedirectResult ? Redirect("/admin/elections?done=removed") : result;
    }

    private string?[] Typed(string field) => Request.HasFormContentType ? [.. DateParts.Select(p => (string?)Request.Form[$"{field}-{p}"])] : [null, null, null];

    private static DateOnly Day(string field, string label, string?[] typed, List<FormError> errors)
    {
        var numbers = typed.Select(t => int.TryParse(t?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        if (numbers[2] is >= 2000 and <= 2100 && numbers[1] is >= 1 and <= 12 && numbers[0] >= 1 && numbers[0] <= DateTime.DaysInMonth(numbers[2], numbers[1])) return new(numbers[2], numbers[1], numbers[0]);
        errors.Add(new($"{field}-day", $"{label} must be a day, month and year, such as 23 3 2027."));
        return default;
    }
}
