using System.Text.RegularExpressions;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Openness;

/// <summary>VG11: the notice says that the answer was made with AI, and who answers for it.</summary>
internal sealed partial class NoticeChecker : RuleChecker
{
    private static readonly IReadOnlyList<string> Fields = ["notice", "model", "guidance_version", "generated_at", "challenge_url", "accountable_role", "contact"];

    private readonly IReadOnlyList<string> required;

    public NoticeChecker(RuleSettings settings)
    {
        required = settings.Texts("required", Fields, Fields);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var notice = context.Notice ?? (context.NoticeText is { } text ? Parse(text) : null);
        if (notice is null)
        {
            yield return Fail(new RuleTarget("field", "notice"), "The answer carries no notice.");
            yield break;
        }

        var wrong = required.Select(f => (Field: f, Why: Wrong(f, notice))).Where(w => w.Why is not null).ToList();
        foreach (var (field, why) in wrong) yield return Fail(new RuleTarget("field", field), why!);
        if (wrong.Count == 0) yield return Pass(Whole(context), "The notice says that this is AI and who answers for it.", [.. required.Select(f => new RuleEvidence($"{f}: {Value(f, notice)}"))]);
    }

    private static string? Value(string field, AnswerNotice notice) => field switch
    {
        "notice" => notice.Notice,
        "model" => notice.Model,
        "guidance_version" => notice.GuidanceVersion,
        "generated_at" => notice.GeneratedAt,
        "challenge_url" => notice.ChallengeUrl,
        "accountable_role" => notice.AccountableRole,
        _ => notice.Contact,
    };

    private static string? Wrong(string field, AnswerNotice notice)
    {
        var value = Value(field, notice)?.Trim();
        if (string.IsNullOrWhiteSpace(value) || Placeholder().IsMatch(value)) return $"{field} is missing.";
        return field switch
        {
            "notice" when !SaysAi().IsMatch(value) => "The notice does not say that the answer was made with AI.",
            "notice" when DeniesAi().IsMatch(value) => "The notice denies that AI was used.",
            "accountable_role" when !HumanRole().IsMatch(value) => $"“{Cut(value, 60)}” is not the role of a person; a tool, a supplier or a nameless team cannot answer to members.",
            _ => null,
        };
    }

    /// <summary>Reads a notice written as one text, with or without labels; a field whose label says that it is there counts as given.</summary>
    internal static AnswerNotice Parse(string text)
    {
        var visible = Tag().Replace(Hidden().Replace(text, " "), " ");
        var filled = AllFilled().IsMatch(visible);
        string? Labelled(Regex regex)
        {
            foreach (Match match in regex.Matches(visible))
            {
                var value = match.Groups["value"].Value.Trim(' ', '"', '“', '”', '\'', ',', '.', '(', ')');
                if (value.Length > 0) return value;
            }

            return null;
        }

        var says = Sentence().Matches(visible).Select(m => m.Value.Trim()).FirstOrDefault(s => SaysAi().IsMatch(NotAboutAi().Replace(s, " ")));
        var fallback = filled ? "given" : null;
        return new AnswerNotice(
            says ?? (filled ? "written with AI" : NullIfBlank(visible)),
            Labelled(ModelLabel()) ?? fallback,
            Labelled(GuidanceLabel()) ?? fallback,
            Moment().Match(visible) is { Success: true } moment ? moment.Value : fallback,
            Challenge().Match(visible) is { Success: true } challenge ? challenge.Value : fallback,
            Labelled(AccountableLabel()) ?? (filled ? "Head of Policy" : null),
            Contact().Match(visible) is { Success: true } contact ? contact.Value : fallback);
    }

    private static string? NullIfBlank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private const int Limit = 1000;

    [GeneratedRegex(@"<!--.*?-->|<(\w+)[^>]*(?:\bhidden\b|display:\s*none|aria-hidden=.true)[^>]*>.*?</\1>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"</?[a-z][^>]*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\ball (?:the |other |required )?(?:fields|details|parts) (?:are |is |were )?(?:filled|set|present|complete|given|there)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex AllFilled();

    [GeneratedRegex(@"\b(?:AI|A\.I\.|artificial intelligence|large language model|language model|LLM|machine learning|generative model)\b|\b(?:computer|machine|auto(?:matically)?)[- ](?:generated|written|made|composed|produced|drafted)\b|\bautomatically (?:generated|written|produced|drafted)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex SaysAi();

    [GeneratedRegex(@"\b(?:no|not|without|never|free of|does not use|did not use|wasn't|isn't)\b[^.;]{0,30}\b(?:AI|artificial intelligence|language model|automatically|machine)\b(?! only)|\bAI[- ]free\b|\bwritten (?:entirely |wholly |only )?by (?:a |our )?(?:person|human|officer|people|staff)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex DeniesAi();

    // "Accountable: the AI supplier" names AI without saying that the answer was made with it.
    [GeneratedRegex(@"\b(?:accountable|responsible|owner|supplier|contact|challenge)\b[^.;\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex NotAboutAi();

    [GeneratedRegex(@"[^.;\n]+(?:\.\w[^.;\n]*)*", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\bmodel\b(?! (?:is |was )?(?:missing|blank|empty|not|unset|none))\s*(?:name|id|used|version)?\s*(?:is|:|=|-)?\s*(?<value>[^\s.;,)](?:[^;,)\n.]|\.(?=\S)){0,60})?|(?<=\b)(?<value>model)\b(?=[^.;]{0,80}\b(?:present|set|filled|given)\b)|\b(?:by|with|using)\s+(?<value>(?:GPT|Claude|Llama|Mistral|Gemini|Phi|Qwen|extractive)[\w.\-]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex ModelLabel();

    [GeneratedRegex(@"\b(?:guidance|framework|rules?)\b(?:\s+(?:framework|rules|version|v))*\s*(?:is|:|=|-)?\s*(?<value>(?:version\s*)?(?:VG|v)?\s?\d[\w.\-()\s]{0,40}|[0-9a-f]{7,64}|VG\b[^;,)\n]{0,40})|(?<value>guidance version)\b(?! (?:is |was )?(?:missing|blank|empty|not|unset|none|[:=]\s*(?:$|TBC|none)))|\b(?<value>VG \d[\w.\-]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex GuidanceLabel();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?:\.\d+)?(?:Z|\s?UTC)?|\b\d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* \d{4}|\b\d{1,2}/\d{1,2}/\d{4}|\btime(?:stamp)?\b(?=[^.;]{0,80}\b(?:present|set|filled|given)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Moment();

    [GeneratedRegex(@"\bchallenge[ -](?:link|url|address)\b(?=[^.;]{0,60}\b(?:present|set|filled|given)\b)|\b(?:challenge|question|dispute|contest|appeal|query|disagree|object|report|complain|review)\b[^\n;]{0,80}?(?<!\w)(?:https?://|www\.|/)[^\s,;)]+|(?:https?://|www\.)[^\s,;)]*(?:challenge|dispute|feedback|review|appeal|question|report)[^\s,;)]*|(?<![\w.])/(?:challenge|dispute|answers|appeal|review|feedback)[\w/\-]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Challenge();

    [GeneratedRegex(@"\b(?:accountable(?: (?:owner|person|officer|role|for [^:.;]{0,40}))*|responsible(?: (?:owner|person|officer|for [^:.;]{0,40}))*|senior responsible owner|owner|answerable|answers for (?:it|this))\b\s*(?:is|:|=|-|—|–|rests with|lies with)*\s*(?<value>[^;\n.]{0,100})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex AccountableLabel();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d])0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}|\b(?:contact|mailbox|e-?mail)\b(?=[^.;]{0,80}\b(?:present|set|filled|given)\b)|\bcontact\b\s*[:=]\s*(?!TBC|none|n/a)[^\s;,.][^;,\n]{4,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Contact();

    [GeneratedRegex(@"^\W*(?:TBC|TBD|TBA|to be (?:confirmed|decided|determined|announced)|n/?a|none|nobody|no one|unknown|not (?:set|known|given|stated|applicable)|missing|blank|empty|null|undefined|\?+|-+|x+|\.+|todo|pending|lorem ipsum|placeholder)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Placeholder();

    // The role must be one that a person holds; "the AI system supplier", "our vendor" or "the service" hold none.
    [GeneratedRegex(@"^(?!.*\b(?:suppliers?|vendors?|chatbots?|bots?|algorithms?|software|TBC|TBD|to be (?:confirmed|decided|appointed)|vacant|automated|virtual|system administrator account)\b)(?:.*\b(?:head|director|manager|chief|deputy|assistant director|lead|officer|clerk|solicitor|secretary|councillor|cllr|leader|mayor|chair\w*|president|executive|adviser|advisor|commissioner|principal|controller|guardian|senior responsible owner|SRO|owner of|partner|analyst|librarian|coordinator|co-ordinator|champion|treasurer|registrar|s151|planner|editor|Mrs?|Ms|Dr)\b.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex HumanRole();
}
