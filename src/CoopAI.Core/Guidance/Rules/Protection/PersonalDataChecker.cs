using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>VG06: no personal data in question, passages or answer.</summary>
internal sealed class PersonalDataChecker : RuleChecker
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["nino"] = "National Insurance number",
        ["nhs"] = "NHS number",
        ["postcode"] = "postcode",
        ["phone"] = "phone number",
        ["email"] = "e-mail address",
        ["dob"] = "date of birth",
        ["passport"] = "passport number",
        ["licence"] = "driving licence number",
        ["vehicle"] = "vehicle registration",
        ["bank"] = "bank details",
        ["iban"] = "bank details",
        ["card"] = "card number",
        ["name"] = "name",
        ["address"] = "home address",
        ["reference"] = "reference of a person's case",
    };

    private readonly HashSet<string> kinds;
    private readonly PersonalDataFinder finder;
    private readonly CleanTexts clean = new();

    public PersonalDataChecker(RuleSettings settings)
    {
        kinds = settings.Texts("kinds", PersonalDataFinder.Kinds, PersonalDataFinder.Kinds).ToHashSet(StringComparer.Ordinal);
        finder = new PersonalDataFinder(
            settings.List("lexicon", "personal_data.txt").Only("role-words", "organisation-cues", "person-cues", "reference-cues", "things-that-are-born"),
            settings.Flag("allow_role_mailbox", true),
            settings.Flag("allow_org_postcode", true));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var found = false;
        foreach (var (target, text) in UnreadTexts(context, clean))
        {
            var any = false;
            foreach (var hit in Find(context.Level(text)))
            {
                found = any = true;
                var name = Names[hit.Kind];
                yield return Fail(
                    target with { Start = hit.Span.Start, End = hit.Span.End },
                    $"{(hit.Kind is "nhs" or "email" ? "An" : "A")} {name} of a person seems to stand here.",
                    new RuleEvidence($"{name}: {hit.Masked}", target.Kind == "passage" ? target.Id : null, hit.Span.Start, hit.Span.End)) with
                { Replacement = $"[{name} removed]" };
            }

            if (!any) Remember(context, clean, text);
        }

        if (!found) yield return Pass(Whole(context), "No personal data was recognised.");
    }

    /// <summary>The text with a label in place of every find, for evidence and every other door.</summary>
    internal string Masked(string text)
    {
        var result = text;
        foreach (var hit in Find(TextView.Level(text)).OrderByDescending(h => h.Span.Start))
            result = string.Concat(result.AsSpan(0, hit.Span.Start), $"[{Names[hit.Kind]} removed]", result.AsSpan(hit.Span.End));
        return result;
    }

    /// <summary>What a find of this kind is called.</summary>
    internal static string NameOf(string kind) => Names[kind];

    /// <summary>Finds of the kinds that are switched on.</summary>
    internal IEnumerable<PersonalData> Find(TextView text) => finder.Find(text).Where(h => kinds.Contains(h.Kind));
}
