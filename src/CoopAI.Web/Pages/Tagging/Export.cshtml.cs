using System.Globalization;
using System.Text;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/export</c>: the decisions that stand as a file for a spreadsheet. It names no person: it is made for publishing.</summary>
public sealed class ExportModel(SearchCorpus stored, ITagDecisions decisions, PrincipleNames names) : PageModel
{
    private static readonly string[] Columns = ["case study", "title", "address", "principle", "decision", "sentence", "reason", "decided on"];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        await stored.CurrentAsync(ct);
        var text = new StringBuilder();
        Line(text, Columns);
        foreach (var decision in decisions.GetStanding())
        {
            var caseStudy = stored.Current.Find(decision.Slug)?.CaseStudy;
            Line(text, [
                decision.Slug, caseStudy?.Title ?? "", caseStudy?.Url ?? "", names[decision.Principle], decision.IsYes ? "yes" : "no", decision.Sentence ?? "", decision.Reason ?? "",
                decision.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ]);
        }

        // With the mark at the front, spreadsheets read the accents right.
        return File([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", "decided-tags.csv");
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    /// <summary>A cell in quotes. One that a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    internal static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
