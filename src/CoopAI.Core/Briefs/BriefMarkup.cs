using System.Text;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>A brief as Markdown, for pasting.</summary>
public static class BriefMarkup
{
    /// <summary>The whole brief as Markdown, with numbered citations, sources and the notice. For a committee report.</summary>
    /// <param name="serviceUrl">Address before "/answers/…"; empty for a relative link.</param>
    /// <param name="since">Sources that no longer hold.</param>
    public static string ToMarkdown(Answer answer, string serviceUrl = "", IReadOnlyList<SourceSince>? since = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = new StringBuilder();
        if (answer.Heading is { } question) text.Append("## ").AppendLine(Escape(question)).AppendLine();
        foreach (var source in since ?? []) text.Append("**").Append(Escape(source.InWords)).AppendLine("**").AppendLine();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var sentence in answer.Sentences)
        {
            var marks = string.Concat(sentence.Citations.Select(c => numbers.TryGetValue(c.Slug, out var n) ? n : numbers[c.Slug] = numbers.Count + 1)
                .Distinct().Select(n => FormattableString.Invariant($" [{n}]")));
            var line = Escape(sentence.Text);
            text.Append(sentence switch
            {
                { Kind: SentenceKind.Answer } => $"> {line}{marks}",
                { Kind: SentenceKind.Lead } => $"{line}{marks}",
                _ when sentence.Text.EndsWith(':') => $"**{line}**",
                _ => $"*{line}*",
            }).AppendLine().AppendLine();
        }

        if (answer.NotCovered.Count > 0)
            text.Append("Not covered: ").AppendLine(Escape(string.Join(' ', answer.NotCovered))).AppendLine();
        foreach (var precedent in answer.Precedents)
        {
            text.Append("**").Append(Escape(ExtractiveComposer.NameOf(precedent.Title, precedent.LeadMember))).AppendLine("**").AppendLine();
            foreach (var (heading, lines) in precedent.Facts()) text.Append("- ").Append(heading).Append(": ").AppendLine(Escape(string.Join("; ", lines)));
            text.AppendLine();
        }

        foreach (var (slug, number) in numbers)
        {
            var precedent = answer.Precedents.FirstOrDefault(p => p.Slug == slug);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{number}. {Escape(precedent?.Title ?? slug)}. {Escape(precedent?.LeadMember ?? "Lead council not stated")}, {precedent?.Card.Period.ToString() ?? "undated"}.");
            if (precedent is not null) text.Append(' ').Append(Escape(precedent.BasisInWords));
            if (precedent?.Url is { } url) text.Append(' ').Append(url);
            text.AppendLine();
        }

        return text.AppendLine().Append(Escape(answer.Notice.Text)).Append(' ').Append(serviceUrl).Append("/answers/").Append(answer.Id).AppendLine().ToString();
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
