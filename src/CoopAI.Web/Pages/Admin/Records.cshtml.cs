using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/records</c>: how long the text of questions is kept, and erasing one now.</summary>
public sealed class RecordsModel(RetentionBook retention, SqliteLedger ledger, FeedbackBook feedback, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    [BindProperty(Name = "days")]
    public string? Days { get; set; }

    /// <summary>The answer whose question is to be erased: its number, or an address that ends with it.</summary>
    [BindProperty(Name = "answer")]
    public string? Answer { get; set; }

    public int Now => retention.Days;

    public void OnGet() => Days = Now.ToString(CultureInfo.InvariantCulture);

    public Task<IActionResult> OnPostAsync()
    {
        var isNumber = int.TryParse(Days?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= RetentionBook.MaxDays;
        return ChangeAsync("kept", "days", Days ?? "", isNumber ? [] : [new("days", $"Write a number of days from 0 to {RetentionBook.MaxDays:N0}.")], () =>
        {
            retention.Change(days, Author, Reason!.Trim());
            return Task.CompletedTask;
        });
    }

    public async Task<IActionResult> OnPostEraseAsync()
    {
        Days = Now.ToString(CultureInfo.InvariantCulture);
        var id = (Answer ?? "").Trim().Split('?', '#')[0].TrimEnd('/').Split('/')[^1];
        // The record of an erasure says that somebody asked for it, and holds no text that could lead back to what was erased.
        Reason = "Erased at the request of an administrator.";
        var result = await ChangeAsync("erased", "answer", id, id.Length is 0 or > 100 ? [new("answer", "Write the number of the answer.")] : [], () =>
        {
            if (ledger.Answer(id) is null) throw new BadInputException($"There is no answer with the number {id}.");
            var comments = feedback.EraseOf(id);
            if (ledger.EraseQuestion(id) is null && comments == 0) throw new BadInputException("The question of this answer is erased already.");
            return Task.CompletedTask;
        });
        Reason = null;
        return result is RedirectResult ? Redirect("/admin/records?done=erased") : result;
    }
}
