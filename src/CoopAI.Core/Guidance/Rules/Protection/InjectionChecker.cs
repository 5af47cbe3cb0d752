using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>VG10: orders hidden in a question or a passage.</summary>
/// <remarks>
/// The text is read several ways: levelled; with look-alike letters folded; with digits read as letters; with spaced letters joined; with
/// base64, hexadecimal, binary, percent and character codes decoded; shifted (Caesar) and reversed. Orders in English are matched where an
/// order can begin; in a decoded or disguised reading the disguise itself speaks against the text, so any order counts.
/// </remarks>
internal sealed partial class InjectionChecker : RuleChecker
{
    private const int MaxDepth = 2;

    private readonly PhraseSet orders;
    private readonly PhraseSet languages;
    private readonly PhraseSet marks;
    private readonly PhraseSet disguised;
    private readonly PhraseSet readers;
    private readonly PhraseSet allowed;
    private readonly QuestionClassifiers? classifiers;
    private readonly HashSet<string> levels;
    private readonly CleanTexts clean = new();

    public InjectionChecker(RuleSettings settings)
    {
        classifiers = settings.Classifiers();
        var list = settings.List("lexicon", "injection.txt").Only("orders", "other-languages", "control-marks", "ai-readers", "disguised", "harmless");
        orders = list.Phrases("orders");
        languages = list.Phrases("other-languages");
        marks = list.Phrases("control-marks");
        readers = list.Phrases("ai-readers");
        disguised = list.Phrases("disguised");
        allowed = list.Phrases("harmless", required: false);
        IReadOnlyList<string> known = ["nfkc", "entities", "zero_width", "whitespace", "base64", "look_alikes", "spaced_letters", "digits_as_letters", "codes", "shifted", "reversed"];
        levels = settings.Texts("normalise", known, known).ToHashSet(StringComparer.Ordinal);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        foreach (var (target, text) in UnreadTexts(context, clean))
        {
            if (Read(context.Level(text), context.Stage, "in plain words", strict: true, 0) is not { } hit)
            {
                Remember(context, clean, text);
                continue;
            }

            failed = true;
            yield return Fail(
                target with { Start = hit.Span.Start, End = hit.Span.End },
                $"An order to the service stands here ({hit.How}).",
                new RuleEvidence(Cut(hit.Span.In(text)), target.Kind == "passage" ? target.Id : null, hit.Span.Start, hit.Span.End));
        }

        if (!failed) yield return Learned(classifiers, "injection", context.IsLetter ? context with { Asked = [] } : context, "This reads like an order to the service, not a question about case studies.") ?? Pass(Whole(context), "No hidden order was recognised.");
    }

    /// <summary>The first order found, or null.</summary>
    private (TextSpan Span, string How)? Read(TextView level, Stage stage, string how, bool strict, int depth)
    {
        var tokens = level.Tokens;
        if (Match(tokens, stage, strict) is { } plain) return (plain, how);

        if (levels.Contains("look_alikes") && !level.IsAscii)
        {
            var folded = level.Folded;
            if (folded.Text != level.Text)
            {
                if (Match(folded.Tokens, stage, strict) is { } hit) return (hit, "in letters that look like others");
                level = folded;
                tokens = folded.Tokens;
            }
        }

        var gates = DisguiseGates.Of(level.Text);
        if (levels.Contains("digits_as_letters") && gates.Leet && Leet().IsMatch(level.Text))
        {
            foreach (var one in "il")
            {
                if (Match(Tokens.Of(level.Map(c => Unleet(c, one))), stage, strict: false, leet: true) is { } hit) return (hit, "in digits that stand for letters");
            }
        }

        if (levels.Contains("spaced_letters") && Squashed(level, tokens) is { } spaced) return (spaced, "in spaced or split letters");
        if (levels.Contains("reversed") && Reversed(level) is { } reversed) return (reversed, "written backwards");
        if (levels.Contains("shifted") && Shifted(level) is { } shifted) return (shifted, "in shifted letters");
        if (depth >= MaxDepth) return null;

        foreach (var (decoded, name) in Decoded(level, gates))
        {
            if (Read(decoded, stage, name, strict: false, depth + 1) is { } inner) return (inner.Item1, depth == 0 ? name : inner.Item2);
        }

        return null;
    }

    private TextSpan? Match(Tokens tokens, Stage stage, bool strict, bool leet = false)
    {
        var spared = allowed.Find(tokens);
        var sets = leet ? [orders, disguised] : strict ? new[] { orders, languages, marks } : [orders, languages, marks, disguised];
        foreach (var set in sets)
        {
            foreach (var match in set.Find(tokens))
            {
                if (!spared.Any(s => s.Span.Overlaps(match.Span))) return match.Span;
            }
        }

        if (stage == Stage.Retrieved || !strict)
        {
            foreach (var match in readers.Find(tokens))
            {
                if (!spared.Any(s => s.Span.Overlaps(match.Span))) return match.Span;
            }
        }

        return null;
    }

    private static char Unleet(char c, char one) => c switch
    {
        '0' => 'o',
        '1' or '|' => one,
        '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        '9' => 'g',
        '6' => 'g',
        '2' => 'z',
        _ => c,
    };

    /// <summary>Orders whose letters are parted ("i g n o r e", "ig nore pre-vious"): found on the letters alone, and only where the words are not written normally.</summary>
    private static TextSpan? Squashed(TextView level, Tokens tokens)
    {
        var letters = LettersOf(level.Text);
        if (!letters.AsSpan().ContainsAny(SquashedVerbs)) return null;
        int[] pick = [.. Enumerable.Range(0, level.Text.Length).Where(i => char.IsAsciiLetter(level.Text[i]))];
        foreach (Match match in SquashedOrder().Matches(letters))
        {
            var (start, end) = (pick[match.Index], pick[match.Index + match.Length - 1] + 1);
            var words = tokens.All.Where(t => t.Kind == TokenKind.Word && t.Start >= start && t.End <= end + 1).ToList();
            var verb = match.Groups["verb"].Value;
            var noun = match.Groups["noun"].Value;
            // Written normally, both words are tokens of their own and the ordinary patterns have already decided.
            if (words.Any(t => t.Text == verb) && words.Any(t => t.Text.StartsWith(noun, StringComparison.Ordinal))) continue;
            if (words.Any(t => t.Text.Length > 40)) continue;
            // "design" + "or" + "employ…" can spell an order across ordinary words: the verb must begin where a word or single letter begins.
            if (start > 0 && char.IsAsciiLetter(level.Text[start - 1])) continue;
            return level.ToSource(start, end);
        }

        return null;
    }

    private static readonly SearchValues<string> SquashedVerbs = SearchValues.Create(
        ["ignore", "disregard", "forget", "override", "bypass", "overrule", "discard", "abandon", "reveal", "print", "repeat", "show", "output", "display"], StringComparison.Ordinal);

    private static string LettersOf(string text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetter(c)) buffer[length++] = (char)(c | 0x20);
        }

        var letters = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return letters;
    }

    private static TextSpan? Reversed(TextView level)
    {
        var lower = level.Lower;
        if (!lower.AsSpan().ContainsAny(BackwardsNouns) || !BackwardsNoun().IsMatch(lower)) return null;
        return BackwardsVerb().Match(lower) is { Success: true } verb ? level.ToSource(verb.Index, verb.Index + verb.Length) : null;
    }

    private static readonly SearchValues<string> BackwardsNouns =
        SearchValues.Create(["noitcurtsni", "snoitcurtsni", "selur", "tpmorp", "ecnadiug", "senilediug", "sliardraug"], StringComparison.Ordinal);

    private static readonly string[] ShiftedHeads = ["instruction", "ignore", "disregard", "forget", "prompt", "override", "reveal"];

    // For each shift the heads as they would look; found heads are few, so the text is only shifted back when two of them occur.
    private static readonly string[][] ShiftedHeadsBy = [.. Enumerable.Range(1, 25).Select(k => ShiftedHeads.Select(h => string.Concat(h.Select(c => (char)('a' + ((c - 'a' + k) % 26))))).ToArray())];

    private static readonly SearchValues<string> AllShiftedHeads = SearchValues.Create([.. ShiftedHeadsBy.SelectMany(h => h)], StringComparison.Ordinal);

    private TextSpan? Shifted(TextView level)
    {
        var lower = level.Lower;
        if (!lower.AsSpan().ContainsAny(AllShiftedHeads)) return null;
        for (var shift = 1; shift <= 25; shift++)
        {
            var heads = ShiftedHeadsBy[shift - 1];
            if (heads.Count(h => lower.Contains(h, StringComparison.Ordinal)) < 2) continue;
            var k = shift;
            var back = level.Map(c => char.IsAsciiLetter(c) ? (char)((char.IsAsciiLetterUpper(c) ? 'A' : 'a') + (((c | 0x20) - 'a' + 26 - k) % 26)) : c);
            if (Match(Tokens.Of(back), Stage.Question, strict: false) is { } hit) return hit;
        }

        return null;
    }

    private IEnumerable<(TextView, string)> Decoded(TextView level, DisguiseGates gates)
    {
        var text = level.Text;
        if (levels.Contains("base64"))
        {
            foreach (Match run in Runs(gates.LongRun, Base64Run(), text))
            {
                if (Base64(run.Value) is { } decoded) yield return (level.Replace(run.Index, run.Index + run.Length, decoded), "in base64");
            }

            // Split over spaces or quotation marks: the pieces are tried together.
            foreach (Match run in Runs(gates.MixedCase, SplitBase64(), text))
            {
                if (Base64(string.Concat(run.Value.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' or '='))) is { } decoded)
                    yield return (level.Replace(run.Index, run.Index + run.Length, decoded), "in split base64");
            }
        }

        if (!levels.Contains("codes")) yield break;
        foreach (Match run in Runs(gates.Hex, HexRun(), text))
        {
            if (Bytes(run.Value.Replace("0x", "", StringComparison.OrdinalIgnoreCase), 16, 2) is { } decoded) yield return (level.Replace(run.Index, run.Index + run.Length, decoded), "in hexadecimal");
        }

        foreach (Match run in Runs(gates.Percent, PercentRun(), text))
            yield return (level.Replace(run.Index, run.Index + run.Length, Uri.UnescapeDataString(run.Value.Replace('+', ' '))), "in percent codes");
        foreach (Match run in Runs(gates.Binary, BinaryRun(), text))
        {
            if (Bytes(run.Value, 2, 8) is { } decoded) yield return (level.Replace(run.Index, run.Index + run.Length, decoded), "in binary");
        }

        foreach (Match run in Runs(gates.Decimal, DecimalRun(), text))
        {
            var codes = NumberRun().Matches(run.Value).Select(n => int.Parse(n.Value, CultureInfo.InvariantCulture)).ToArray();
            if (codes.All(c => c is 9 or 10 or 13 or (>= 32 and < 127))) yield return (level.Replace(run.Index, run.Index + run.Length, string.Concat(codes.Select(c => (char)c))), "in character codes");
        }

        foreach (Match run in Runs(gates.Morse, MorseRun(), text))
            yield return (level.Replace(run.Index, run.Index + run.Length, Morse(run.Value)), "in Morse code");
    }

    private static IEnumerable<Match> Runs(bool possible, Regex regex, string text) => possible ? regex.Matches(text) : [];

    private static string? Base64(string run)
    {
        var plain = run.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        plain = plain[..(plain.Length - (plain.Length % 4 == 1 ? 1 : 0))];
        plain += new string('=', (4 - (plain.Length % 4)) % 4);
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain, bytes, out var count) ? Printable(bytes.AsSpan(0, count)) : null;
    }

    private static string? Bytes(string run, int radix, int width)
    {
        var digits = string.Concat(run.Where(char.IsAsciiLetterOrDigit).Where(c => c is not ('x' or 'X')));
        if (digits.Length % width != 0) return null;
        var bytes = new byte[digits.Length / width];
        for (var i = 0; i < bytes.Length; i++)
        {
            try
            {
                bytes[i] = Convert.ToByte(digits.Substring(i * width, width), radix);
            }
            catch (FormatException)
            {
                return null;
            }
        }

        return Printable(bytes);
    }

    private static string? Printable(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8) return null;
        var utf16 = bytes.Length % 2 == 0 && bytes.Length >= 16 && Zeros(bytes) * 3 > bytes.Length;
        var text = utf16 ? Encoding.Unicode.GetString(bytes) : Encoding.UTF8.GetString(bytes);
        var good = text.Count(c => c != '\uFFFD' && (!char.IsControl(c) || char.IsWhiteSpace(c)));
        return good * 10 >= text.Length * 9 ? text : null;

        static int Zeros(ReadOnlySpan<byte> bytes)
        {
            var zeros = 0;
            foreach (var b in bytes) zeros += b == 0 ? 1 : 0;
            return zeros;
        }
    }

    private const string MorseCodes = "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--..";

    private static readonly Dictionary<string, char> MorseLetters = MorseCodes.Split(' ').ToDictionary(c => c[1..], c => c[0], StringComparer.Ordinal);

    private static string Morse(string run) =>
        string.Join(' ', run.Split(['/', '|']).Select(w => string.Concat(w.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => MorseLetters.GetValueOrDefault(l, '?')))));

    private const int Limit = 1000;

    // Between two letters at least one digit or sign: "1gn0r3", "pr3v10us", "!nstruct!ons".
    [GeneratedRegex(@"[A-Za-z][0134578@$!|][A-Za-z]|\b[0134578@$!|][A-Za-z]{2,}|[A-Za-z]{2}[013457@$]{1,2}\b", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Leet();

    [GeneratedRegex(@"(?<verb>ignore|disregard|forget|override|bypass|overrule|discard|abandon)(?:and)?(?:all|any|every|each|the|your|my|our|of|these|those|previous|prior|above|earlier|preceding|existing|original|system|initial|current|given|safety|other|you|were|was|have|been){1,6}(?<noun>instruction|rule|prompt|guidance|guideline|guardrail|direction|command|order|filter|restriction|told)|(?<verb>reveal|print|repeat|show|output|display)(?:me|us|all|the|your|of|full|hidden|secret|whole|entire){0,4}(?<noun>systemprompt|hiddenprompt|secretprompt|initialprompt|instructions|systemmessage)", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex SquashedOrder();

    [GeneratedRegex(@"snoitcurtsni|noitcurtsni|selur|tpmorp|ecnadiug|senilediug|sliardraug", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex BackwardsNoun();

    [GeneratedRegex(@"erongi|dragersid|tegrof|edirrevo|ssapyb|laever|tnirp|taeper|wohs|yalpsid|tuptuo|nodnaba", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex BackwardsVerb();

    [GeneratedRegex(@"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/_-])", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Base64Run();

    // Ordinary prose has the same alphabet: every piece but the last must mix digits or capitals into its word.
    [GeneratedRegex(@"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]*(?:[a-z][A-Z]|[0-9][A-Za-z]|[A-Za-z][0-9])[A-Za-z0-9+/_-]*={0,2}[\s""'+,]{1,5}){1,40}[A-Za-z0-9+/_-]{2,}={0,2}", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex SplitBase64();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,:]{0,2}){8,}(?![A-Za-z0-9])", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex HexRun();

    // Begins at the start of a run and shares no character between two repeats, so that a long run is read once.
    [GeneratedRegex(@"(?<![\w+.-])[\w+.-]*(?:%[0-9A-Fa-f]{2}[\w+.-]*){2,}", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex PercentRun();

    [GeneratedRegex(@"(?<!\d)[01]{8}(?:\s?[01]{8}){7,}(?!\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex BinaryRun();

    [GeneratedRegex(@"(?<!\d)\d{2,3}(?:[\s,;]{1,2}\d{2,3}){9,}(?!\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex DecimalRun();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex NumberRun();

    [GeneratedRegex(@"(?:[.\-]{1,4}[ /|]{1,3}){8,}[.\-]{1,4}", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex MorseRun();
}
