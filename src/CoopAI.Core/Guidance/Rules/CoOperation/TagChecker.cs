using System.Globalization;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG14: principle tags are real and shown to be.</summary>
internal sealed class TagChecker : RuleChecker
{
    private readonly int maxTags;
    private readonly int prefixWords;
    private readonly IReadOnlyList<(string Id, string Name, string[] Key)> principles;

    public TagChecker(RuleSettings settings)
    {
        maxTags = settings.Integer("max_tags", 4, 1, 10);
        prefixWords = settings.Integer("prefix_words", 6, 3, 9);
        var list = settings.List("principles", "principle_keys.txt");
        principles = [.. list.Lines("").Select(l => l.Text.Split('|', StringSplitOptions.TrimEntries) is [var id, var name, var key]
            ? Words(key) is { } words && words.Length >= prefixWords ? (id, string.Join(' ', Words(name)), words) : throw ListFile.Bad(list.Name, l.Line, $"the key has fewer than {prefixWords} words")
            : throw ListFile.Bad(list.Name, l.Line, "a line is: id | name | first words of the statement"))];
        if (principles.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count() != 10) throw ListFile.Bad(list.Name, 1, "must hold ten principles");
    }

    /// <summary>The principle that a printed line stands for: an id, a name alone, or a statement of which at least six words are there. Null: not recognised, never guessed.</summary>
    internal string? Recognise(string line)
    {
        var trimmed = line.Trim();
        if (principles.FirstOrDefault(p => string.Equals(p.Id, trimmed, StringComparison.OrdinalIgnoreCase)) is { Id: { } id }) return id;
        var words = Words(trimmed);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var principle in principles)
        {
            if (string.Join(' ', words) == principle.Name) found.Add(principle.Id);
            // Newer pages print the name before the statement, so the key may begin a few words in.
            for (var from = 0; from + prefixWords <= words.Length && from <= 9; from++)
            {
                if (principle.Key.Take(prefixWords).SequenceEqual(words.Skip(from).Take(prefixWords), StringComparer.Ordinal)
                    && principle.Key.Take(words.Length - from).SequenceEqual(words.Skip(from).Take(principle.Key.Length), StringComparer.Ordinal)) found.Add(principle.Id);
            }
        }

        return found.Count == 1 ? found.First() : null;
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Tags.Count == 0)
        {
            yield return NotApplicable(Whole(context), "The answer shows no principle tags.");
            yield break;
        }

        var failed = false;
        foreach (var tag in context.Tags)
        {
            if (Wrong(tag, context) is not { } reason) continue;
            failed = true;
            yield return Fail(new RuleTarget("tag", tag.Key), reason, new RuleEvidence(tag.Evidence ?? tag.Basis ?? "no basis", tag.Source));
        }

        // What a case study's page lists is not the answer's to cut.
        var own = context.Tags.Where(t => t.Of is null).ToList();
        if (own.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count() > maxTags)
        {
            failed = true;
            foreach (var tag in own.Skip(maxTags))
                yield return Fail(new RuleTarget("tag", tag.Key), string.Create(CultureInfo.InvariantCulture, $"An answer shows at most {maxTags} tags; there are {own.Count}."));
        }

        if (!failed) yield return Pass(Whole(context), "Every tag is declared on its page, shown by a sentence or decided by staff.", [.. context.Tags.Select(t => new RuleEvidence($"{t.Id}: {t.Basis}", t.Source))]);
    }

    private string? Wrong(RuleTag tag, RuleContext context)
    {
        if (!principles.Any(p => p.Id == tag.Id)) return $"“{tag.Id}” is not one of the ten principles.";
        if (tag.Basis is not ("declared" or "inferred" or "decided")) return "The tag does not say whether it is declared, inferred or decided.";
        if (tag.Source is null || context.PassageOf(tag.Source) is not { } passage) return "The tag names no source of this answer.";
        if (tag.Basis == "inferred")
        {
            if (string.IsNullOrWhiteSpace(tag.Evidence)) return "An inferred tag needs the sentence that shows it.";
            var evidence = Levelling.Level(tag.Evidence).Trim('"', '\'', ' ', '.');
            return evidence.Length > 0 && Levelling.Level(passage.Text).Contains(evidence, StringComparison.Ordinal) ? null : "The sentence given does not stand in the source.";
        }

        // What staff decided is on record with their reason; it is theirs, not a sentence's.
        if (tag.Basis == "decided") return null;
        if (passage.Principles is null) return "The page's list of principles is not known, so nothing is declared there.";
        return passage.Principles.Any(p => Recognise(p) == tag.Id) ? null : "The page's own list does not show this principle.";
    }

    private static string[] Words(string text) =>
        [.. CoopAI.Core.Language.Words.Split(text.Replace("co-operat", "cooperat", StringComparison.OrdinalIgnoreCase).Replace("co operat", "cooperat", StringComparison.OrdinalIgnoreCase)).Select(w => w.Text)];
}
