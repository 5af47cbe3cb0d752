using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Language;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>A piece of personal data.</summary>
/// <param name="Kind">nino, nhs, postcode, phone, email, dob, passport, licence, vehicle, bank, iban, card, name, address or reference.</param>
/// <param name="Masked">The value with its characters starred, as it may be shown.</param>
internal sealed record PersonalData(string Kind, TextSpan Span, string Masked);

/// <summary>Finds personal data by shape, check digits and the words around, also when it is spaced out, spelt out or hidden behind look-alikes.</summary>
/// <remarks>
/// Shapes: NI number (HMRC prefixes), NHS number (modulus 11), postcode (BS 7666 shape and the 124 areas), UK and international telephone,
/// e-mail, date of birth (needs a cue), passport (needs a cue), driving licence (DVLA's 16 characters), vehicle mark, sort code with account
/// number, IBAN (ISO 7064 mod 97), payment card (issuer's prefix and Luhn). By their words: a name that somebody gives as theirs, a home
/// address with its house number, and a reference of one person's case.
/// </remarks>
internal sealed partial class PersonalDataFinder(ListFile lists, bool allowRoleMailbox, bool allowOrganisations)
{
    public static readonly IReadOnlyList<string> Kinds = ["nino", "nhs", "postcode", "phone", "email", "dob", "passport", "licence", "vehicle", "bank", "iban", "card", "name", "address", "reference"];

    private static readonly HashSet<string> Areas = new((
        "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX " +
        "IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS " +
        "ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE").Split(' '), StringComparer.Ordinal);

    private static readonly Dictionary<string, string> SpokenDigits =
        "zero=0 oh=0 o=0 nought=0 naught=0 nil=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9"
            .Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private readonly PhraseSet organisations = lists.Phrases("organisation-cues");
    private readonly PhraseSet people = lists.Phrases("person-cues");
    private readonly PhraseSet references = lists.Phrases("reference-cues");
    private readonly PhraseSet things = lists.Phrases("things-that-are-born");
    private readonly HashSet<string> roles = lists.Lines("role-words").SelectMany(l => l.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(w => w.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);

    /// <summary>Finds in reading order, none overlapping.</summary>
    public IReadOnlyList<PersonalData> Find(TextView levelled)
    {
        var level = levelled.Folded;
        var hits = new List<PersonalData>();
        Scan(level, hits, spelt: false);
        foreach (var view in new[] { SpacedOut(level), SpokenOut(level), LettersAsDigits(level) })
        {
            if (view is not null) Scan(view, hits, spelt: true);
        }

        var result = new List<PersonalData>();
        foreach (var hit in hits.OrderBy(h => h.Span.Start).ThenByDescending(h => h.Span.Length))
        {
            if (!result.Any(r => r.Span.Overlaps(hit.Span))) result.Add(hit);
        }

        return result;
    }

    private void Scan(TextView view, List<PersonalData> hits, bool spelt)
    {
        var text = view.Text;
        if (text.AsSpan().ContainsAnyInRange('0', '9'))
        {
            var longNumber = PersonalDataGates.HasLongNumber(text);
            var lettersAndDigits = PersonalDataGates.HasLettersAndTwoDigits(text);
            if (longNumber) Each(NationalInsurance(), "nino", m => IsNationalInsurance(text, m));
            if (lettersAndDigits)
            {
                foreach (Match start in IbanStart().Matches(text))
                {
                    if (IbanEnd(text, start.Index) is { } end) hits.Add(new PersonalData("iban", view.ToSource(start.Index, end), Mask("iban", text[start.Index..end])));
                }
            }

            if (longNumber) LongNumbers();
            if (!spelt) Each(HomeAddress(), "address", _ => true);
            if (!spelt) Each(PersonalReference(), "reference", m => m.Groups["value"].Value.Count(char.IsAsciiDigit) >= 4);
            if (PersonalDataGates.HasDigitAndTwoLetters(text)) Each(Postcode(), "postcode", m => IsPostcode(text, m));
            if (PersonalDataGates.SpeaksOfBirth(text))
            {
                Each(BirthDate(), "dob", m => IsBirth(text, m));
                Each(DateThenBirth(), "dob", _ => true);
            }

            if (lettersAndDigits) Each(Vehicle(), "vehicle", m => IsVehicle(text, m, cue: false));
            if (PersonalDataGates.SpeaksOfVehicles(text)) Each(OldVehicle(), "vehicle", m => IsVehicle(text, m, cue: true));
        }

        if (!spelt && text.Contains("name", StringComparison.OrdinalIgnoreCase)) Each(GivenName(), "name", m => IsName(m.Groups["value"].Value));
        if (text.Contains('@', StringComparison.Ordinal)) Each(Email(), "email", m => !IsRole(m.Groups["local"].Value));
        if (!spelt && PersonalDataGates.HasWrittenAddress(text)) Each(WrittenEmail(), "email", m => IsWrittenEmail(text, m));

        void LongNumbers()
        {
            Each(Licence(), "licence", _ => true);
            Each(Card(), "card", m => IsCard(Digits(m.Value)));
            Each(SortCodeAndAccount(), "bank", _ => true);
            Each(SortCodeCue(), "bank", _ => true);
            Each(AccountCue(), "bank", _ => true);
            Each(Passport(), "passport", m => Digits(m.Groups["value"].Value).Length is >= 7 and <= 9);
            Each(Phone(), "phone", m => IsPhone(text, m));
            Each(BareMobile(), "phone", m => IsBareMobile(text, m));
            Each(InternationalPhone(), "phone", m => Digits(m.Value).Length is >= 9 and <= 15);
            Each(NhsNumber(), "nhs", m => IsNhs(text, m));
        }

        void Each(Regex regex, string kind, Func<Match, bool> accept)
        {
            for (var match = regex.Match(text); match.Success; match = regex.Match(text, match.Index + 1))
            {
                if (match.Length == 0 || !accept(match)) continue;
                var group = match.Groups["value"].Success ? match.Groups["value"] : match;
                hits.Add(new PersonalData(kind, view.ToSource(group.Index, group.Index + group.Length), Mask(kind, group.Value)));
            }
        }
    }

    /// <summary>Letters and digits become stars; of an NI number the first two letters and the last stay, as in "AB ** ** ** C".</summary>
    internal static string Mask(string kind, string value)
    {
        var result = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
            result.Append(kind == "nino" && char.IsLetter(value[i]) ? char.ToUpperInvariant(value[i]) : char.IsLetterOrDigit(value[i]) ? '*' : value[i]);
        return result.ToString();
    }

    internal static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>NHS number: total of nine digits times 10 down to 2, modulus 11, subtracted from 11; 11 counts as 0, 10 is invalid.</summary>
    internal static bool NhsCheck(string digits)
    {
        if (digits.Length != 10 || digits.Distinct().Count() == 1) return false;
        var check = 11 - (Enumerable.Range(0, 9).Sum(i => (digits[i] - '0') * (10 - i)) % 11);
        return check != 10 && (check == 11 ? 0 : check) == digits[9] - '0';
    }

    internal static bool Luhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var d = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? d : d > 4 ? (2 * d) - 9 : 2 * d;
        }

        return sum % 10 == 0;
    }

    // Countries' lengths after the SWIFT registry.
    private static readonly Dictionary<string, int> IbanLengths =
        ("GB22 IE22 DE22 FR27 ES24 IT27 NL18 PL28 BE16 PT25 CH21 AT20 SE24 NO15 DK18 FI18 RO24 BG22 CZ24 SK24 HU28 LT20 LV21 EE20 GR27 CY28 MT31 LU20 HR21 SI19 TR26 AE23 SA24 PK24 " +
        "UA29 IL23 LI21 MC27 IS26 AL28 BA20 RS22 MK19 ME22 KW30 QA29 GI23 GE22 MD24 KZ20 JO30 LB28 TN24 BH22 SM27 AD24 BR29 XK20").Split(' ').ToDictionary(c => c[..2], c => int.Parse(c.AsSpan(2), CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Where an IBAN that begins at <paramref name="start"/> ends, or null: at a word's end, the length of its country, remainder 1 modulo 97.</summary>
    private static int? IbanEnd(string text, int start)
    {
        var plain = new StringBuilder();
        for (var i = start; i < text.Length && plain.Length < 34; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i])) plain.Append(text[i]);
            else if (text[i] is not (' ' or '-' or '.')) break;
            var wordEnds = i + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[i + 1]);
            if (plain.Length >= 2 && !IbanLengths.ContainsKey(plain.ToString(0, 2).ToUpperInvariant())) return null;
            if (wordEnds && plain.Length >= 15 && plain.Length == IbanLengths[plain.ToString(0, 2).ToUpperInvariant()] && Mod97(plain.ToString())) return i + 1;
        }

        return null;
    }

    internal static bool Mod97(string iban)
    {
        var plain = string.Concat(iban.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (plain.Length is < 15 or > 34) return false;
        var numeric = string.Concat((plain[4..] + plain[..4]).Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString(CultureInfo.InvariantCulture)));
        return BigInteger.Parse(numeric, CultureInfo.InvariantCulture) % 97 == 1;
    }

    private static bool IsCard(string digits)
    {
        if (digits.Length is < 13 or > 19 || digits.Distinct().Count() < 2 || !Luhn(digits)) return false;
        var four = int.Parse(digits.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return digits[0] == '4' || four is (>= 5100 and <= 5599) or (>= 2221 and <= 2720) or (>= 3400 and <= 3499) or (>= 3700 and <= 3799) or 6011 or (>= 6440 and <= 6599)
            or (>= 3528 and <= 3589) or (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 5000 and <= 5099) or (>= 5600 and <= 5899) or (>= 6300 and <= 6399) or (>= 6700 and <= 6799);
    }

    private bool IsNationalInsurance(string text, Match match)
    {
        var value = match.Value;
        // "rose by 100000 a year" has the shape; small letters count only when written in one piece or after a cue.
        var before = Before(text, match.Index, 60);
        if (NationalInsuranceCue().IsMatch(before)) return true;
        if (Cue(references, Before(text, match.Index, 25))) return false;
        var upper = value.Where(char.IsLetter).All(char.IsUpper);
        var onePiece = !value.Any(c => c == ' ' || c == '.');
        return upper || (onePiece && value.Where(char.IsLetter).All(char.IsLower));
    }

    private bool IsPhone(string text, Match match)
    {
        var digits = Digits(match.Value);
        if (match.Value[0] == '+' || digits.StartsWith("0044", StringComparison.Ordinal) || digits.StartsWith("44", StringComparison.Ordinal))
        {
            digits = digits[(digits.StartsWith("00", StringComparison.Ordinal) ? 4 : 2)..].TrimStart('0');
            digits = "0" + digits;
        }

        if (digits.Length is not (10 or 11) || digits[1] is '0' or '4' or '6' || digits.Distinct().Count() < 3) return false;
        if (digits.Length == 10 && digits[1] is not ('1' or '8')) return false;
        if (DateLike().IsMatch(match.Value)) return false;
        if (digits[1] != '7' && Cue(references, Before(text, match.Index, 30))) return false;
        if (!allowOrganisations) return true;
        // 03 and 08 numbers are given to organisations only.
        if (digits[1] is '3' or '8') return false;
        // What is rung about ("ring me on … about the library") says nothing of whose number it is.
        return PersonalCall().IsMatch(Before(text, match.Index, 60)) || !BelongsToOrganisation(text, match, beforeOnly: digits[1] == '7');
    }

    /// <summary>A mobile number without its nought: after a word for telephones, or as a field of a list.</summary>
    private bool IsBareMobile(string text, Match match)
    {
        var before = Before(text, match.Index, 40);
        var end = match.Index + match.Length;
        var field = match.Index > 0 && text[match.Index - 1] is ',' or ';' or '\t' or '|' && (end == text.Length || text[end] is ',' or ';' or '\t' or '|' or '\n');
        return field || (PhoneWord().IsMatch(before) && !Cue(references, before)) || PersonalCall().IsMatch(before);
    }

    // "My name is on the list" gives no name.
    private static bool IsName(string value) => !NotNames.Contains(value.Split(' ')[0].ToLowerInvariant());

    private static readonly HashSet<string> NotNames = new(
        ("on not in the a an to at for being still missing and already wrong spelt spelled misspelt listed known up down there here mud no never now also only kept used with under below above changed taken withheld " +
        "unknown given included removed secret confidential private hidden shown registered that this what which it one of by from all too very just important so said our my your his her their wanted needed required asked").Split(' '), StringComparer.Ordinal);

    private bool IsNhs(string text, Match match)
    {
        if (!NhsCheck(Digits(match.Value))) return false;
        var before = Before(text, match.Index, 40);
        if (NhsCue().IsMatch(before)) return true;
        var after = text.AsSpan(match.Index + match.Length, Math.Min(14, text.Length - match.Index - match.Length));
        return !Cue(references, before) && !CountedNoun().IsMatch(after.ToString());
    }

    private bool IsPostcode(string text, Match match)
    {
        var outward = match.Groups["out"].Value;
        var inward = match.Groups["in"].Value;
        if (outward.Any(char.IsUpper) && inward.Any(char.IsLower)) return false;
        if (inward.All(c => !char.IsUpper(c)) && inward is ['1', 's', 't'] or ['2', 'n', 'd'] or ['3', 'r', 'd'] or [_, 't', 'h'] or [_, 'g', 'b'] or [_, 'b', 'n']) return false;
        if (outward.Any(char.IsLower) && match.Value.Any(c => c is '.' or '_')) return false;
        var area = string.Concat(outward.ToUpperInvariant().TakeWhile(char.IsLetter));
        if (!Areas.Contains(area) && area != "GIR") return false;
        var before = Before(text, match.Index, 60);
        if (HomeCue().IsMatch(before)) return true;
        // "Form SA1 2AB", "the M1 1AB junction", "E14 5GB SIM cards": the number of a thing.
        if (Cue(references, Before(text, match.Index, 14)) || Cue(references, After(text, match, 12))) return false;
        return !(allowOrganisations && BelongsToOrganisation(text, match));
    }

    private bool IsBirth(string text, Match match)
    {
        if (!match.Value.StartsWith("born", StringComparison.OrdinalIgnoreCase) && !match.Value.StartsWith("birthday", StringComparison.OrdinalIgnoreCase)) return true;
        var before = Before(text, match.Index, 80);
        return Cue(people, before) || !Cue(things, before + " " + match.Value);
    }

    private bool IsVehicle(string text, Match match, bool cue)
    {
        var value = match.Value;
        if (!cue && value.All(c => !char.IsLower(c)) && value.Count(char.IsLetter) == 5)
        {
            var age = int.Parse(Digits(value), CultureInfo.InvariantCulture);
            if (age is (>= 2 and <= 30) or (>= 51 and <= 80)) return !Cue(references, Before(text, match.Index, 25));
        }

        // "car park … to 120" has the shape of an old mark: those count in capitals or in one piece only.
        return (value.All(c => !char.IsLower(c)) || !value.Contains(' ', StringComparison.Ordinal)) && VehicleCue().IsMatch(Before(text, match.Index, 50));
    }

    private bool IsRole(string local)
    {
        if (!allowRoleMailbox) return false;
        var parts = local.ToLowerInvariant().Split(['.', '_', '-', '+'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts.All(p => IsRoleWord(p.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')));
    }

    // "housingteam" and "youthpanel" are two role words written together.
    private bool IsRoleWord(string part)
    {
        if (part.Length == 0 || roles.Contains(part)) return true;
        for (var cut = 2; cut < part.Length - 1; cut++)
        {
            if (roles.Contains(part[..cut]) && IsRoleWord(part[cut..])) return true;
        }

        return false;
    }

    private bool IsWrittenEmail(string text, Match match)
    {
        var local = match.Groups["local"].Value;
        if (IsRole(DotWord().Replace(local, "."))) return false;
        var marked = match.Groups["at"].Value.Any(c => c is '(' or '[' or '{' or '<' or '@') || match.Groups["at"].Value.Contains("AT", StringComparison.Ordinal);
        var dotted = DotWord().IsMatch(match.Groups["domain"].Value);
        // "more details at councils dot coop" is an address of a page: a name needs a dot or a cue before it.
        return marked || EmailCue().IsMatch(Before(text, match.Index, 40)) || local.Any(c => c is '.' or '_' || char.IsAsciiDigit(c)) || DotWord().IsMatch(local)
            || (dotted && !PlaceWord().IsMatch(local));
    }

    private bool BelongsToOrganisation(string text, Match match, bool beforeOnly = false)
    {
        var before = Before(text, match.Index, 90);
        return !Cue(people, before) && (Cue(organisations, before) || (!beforeOnly && Cue(organisations, After(text, match, 30))));
    }

    /// <summary>Up to <paramref name="length"/> characters after a match, not beyond the end of the clause.</summary>
    private static string After(string text, Match match, int length)
    {
        var end = match.Index + match.Length;
        var after = text.Substring(end, Math.Min(length, text.Length - end));
        var stop = after.IndexOfAny(['.', '\n', ';']);
        return stop >= 0 ? after[..stop] : after;
    }

    private static bool Cue(PhraseSet cues, string window) => cues.Any(TextView.Level(window).Tokens);

    /// <summary>Up to <paramref name="length"/> characters before a place, not beyond the start of the sentence.</summary>
    private static string Before(string text, int at, int length)
    {
        var start = Math.Max(0, at - length);
        var window = text[start..at];
        var cut = SentenceEnd().Matches(window).LastOrDefault();
        return cut is null ? window : window[(cut.Index + cut.Length)..];
    }

    /// <summary>"0 7 7 0 0 …", "A-B-1-2-…": single characters parted by one or two marks, joined; null when there are none.</summary>
    private static TextView? SpacedOut(TextView view)
    {
        if (!PersonalDataGates.HasParted(view.Text)) return null;
        var runs = SingleCharacters().Matches(view.Text);
        if (runs.Count == 0) return null;
        var (text, pick) = (new StringBuilder(), new List<int>());
        for (var i = 0; i < view.Text.Length; i++)
        {
            var inRun = runs.Any(r => i >= r.Index && i < r.Index + r.Length);
            if (inRun && !char.IsLetterOrDigit(view.Text[i]) && view.Text[i] is not ('@' or '+')) continue;
            text.Append(view.Text[i]);
            pick.Add(i);
        }

        return view.Pick(text.ToString(), pick);
    }

    /// <summary>"oh seven seven double oh …": at least six digits in words become figures; null when there are none.</summary>
    private static TextView? SpokenOut(TextView view)
    {
        if (!PersonalDataGates.HasSpokenDigits(view.Text)) return null;
        var words = Word().Matches(view.Text);
        var (text, pick) = (new StringBuilder(), new List<int>());
        var (from, changed) = (0, false);
        for (var i = 0; i < words.Count; i++)
        {
            var (j, run, spoken) = (i, new List<(char Digit, int At)>(), 0);
            while (j < words.Count && (j == i || view.Text.AsSpan(words[j - 1].Index + words[j - 1].Length, words[j].Index - words[j - 1].Index - words[j - 1].Length).IndexOfAnyExcept(" ,-.") < 0))
            {
                var word = words[j].Value.ToLowerInvariant();
                var times = word switch { "double" => 2, "triple" or "treble" => 3, _ => 1 };
                if (times > 1 && j + 1 < words.Count && SpokenDigits.TryGetValue(words[j + 1].Value.ToLowerInvariant(), out var twice))
                {
                    for (var t = 0; t < times; t++) run.Add((twice[0], words[j].Index));
                    spoken += times;
                    j += 2;
                }
                else if (SpokenDigits.TryGetValue(word, out var digit))
                {
                    run.Add((digit[0], words[j].Index));
                    spoken++;
                    j++;
                }
                else if (word.Length <= 6 && word.All(char.IsAsciiDigit))
                {
                    for (var d = 0; d < word.Length; d++) run.Add((word[d], words[j].Index + d));
                    j++;
                }
                // "nine hundred" stands for 9, 0, 0.
                else if (run.Count > 0 && word is "hundred" or "thousand")
                {
                    for (var z = 0; z < (word == "hundred" ? 2 : 3); z++) run.Add(('0', words[j].Index));
                    j++;
                }
                else break;
            }

            if (spoken < 3 || run.Count < 6) continue;
            Append(from, words[i].Index);
            foreach (var (digit, at) in run)
            {
                text.Append(digit);
                pick.Add(at);
            }

            // The last character of a run must map to the end of its last word.
            from = words[j - 1].Index + words[j - 1].Length;
            if (pick.Count > 0) pick[^1] = from - 1;
            (changed, i) = (true, j - 1);
        }

        if (!changed) return null;
        Append(from, view.Text.Length);
        return view.Pick(text.ToString(), pick);

        void Append(int start, int end)
        {
            for (var k = start; k < end; k++)
            {
                text.Append(view.Text[k]);
                pick.Add(k);
            }
        }
    }

    /// <summary>"O77OO 9OO l23": letters drawn like digits inside runs that are mostly digits; null when there are none.</summary>
    private static TextView? LettersAsDigits(TextView view)
    {
        if (!PersonalDataGates.HasDigitLike(view.Text)) return null;
        var runs = DigitLike().Matches(view.Text);
        var (chars, changed) = (view.Text.ToCharArray(), false);
        foreach (Match run in runs)
        {
            if (run.Value.Count(char.IsAsciiDigit) * 2 < run.Value.Count(char.IsLetterOrDigit)) continue;
            for (var i = run.Index; i < run.Index + run.Length; i++)
            {
                var digit = chars[i] switch { 'O' or 'o' => '0', 'l' or 'I' or 'i' or '|' => '1', 'S' => '5', 'B' => '8', _ => chars[i] };
                changed |= digit != chars[i];
                chars[i] = digit;
            }
        }

        return changed ? view.Pick(new string(chars), [.. Enumerable.Range(0, chars.Length)]) : null;
    }

    private const int Limit = 1000;

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z] ?[A-CEGHJ-NPR-TW-Z](?:[ .\-_/:|]{0,3}\d){6}[ .\-_/:|]{0,3}[A-D](?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex NationalInsurance();

    [GeneratedRegex(@"\b(?:NI|NINO|national insurance|insurance n)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex NationalInsuranceCue();

    [GeneratedRegex(@"(?<![\w.£$€,/\-])\d(?:[ .\-_]{0,2}\d){9}(?![\w]|[.,/\-]\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex NhsNumber();

    [GeneratedRegex(@"\b(?:NHS|patient|hospital n|health number)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex NhsCue();

    [GeneratedRegex(@"^\s?(?:people|residents|households|homes|pounds|kwh|mwh|tonnes|bytes|visits|views|users|trees|meals|litres|per)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex CountedNoun();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?<out>GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY]))[ .\-_]{0,3}(?<in>[0-9][ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Postcode();

    [GeneratedRegex(@"(?<![\w£$€,/#]|\d[.\-])(?:(?:\+ ?\(? ?|00|(?=447\d{9}\b))44 ?\)?[ .\-]{0,2}(?:\( ?0 ?\)[ .\-]?)?|\(?0)(?:[)]?[ .\-_·/]{0,3}[(]?\d){9,10}(?!\d|/\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Phone();

    [GeneratedRegex(@"(?<![\w.])(?:\+ ?|00)(?!44)[1-9]\d{0,2}(?:[ .\-()]{0,3}\d){7,12}(?![\d%])", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex InternationalPhone();

    [GeneratedRegex(@"(?<![\w£$€.+/#\-]|\d )7[1-9]\d\d ?\d{3} ?\d{3}(?![\w]|[.,/\-]\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex BareMobile();

    [GeneratedRegex(@"\b(?:mobile|phone|telephone|tel|cell|whats ?app|text|ring|call|contact number|my number|number is)\b[^.\d\n]{0,25}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex PhoneWord();

    [GeneratedRegex(@"\b(?:(?:ring|phone|call|text|contact|reach|message|whats ?app|get) (?:me|him|her|them)|me (?:at home )?on|at home|my (?:\w+ )?(?:number|mobile|phone|tel|landline))\b[^.\d\n]{0,25}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex PersonalCall();

    [GeneratedRegex(@"\b(?:(?:I|we|he|she|they|who|mum|dad|mother|father|family|tenant|resident|lady|man|woman) (?:still |now |also |currently )?(?:live|lives|lived|living|stay|stays|staying|reside|resides) (?:in|at|near|on)|my (?:home )?(?:address|postcode|post code|home|house|flat) (?:is|at|in)?|home (?:address|postcode))\b[^.\n]{0,30}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex HomeCue();

    private const string Street = "(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|way|court|place|terrace|crescent|gardens|grove|square|hill|row|walk|mews|view|rise|gate|cottages?|house)";

    [GeneratedRegex(@"\b(?:(?:live|lives|lived|living|stay|stays|staying|reside|resides|residing) at|(?:home )?address(?: is)?:?|home is|moved (?:in)?to|tenant (?:at|of)|resident (?:at|of)|family at|(?:mr|mrs|ms|miss)\.? \w+ (?:at|of)) (?<value>(?:(?:flat|apartment|unit|room|no\.?|number) )?\d{1,4}[a-z]?,? (?:[\w']{2,20} ){1,3}" + Street + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex HomeAddress();

    [GeneratedRegex(@"\b(?:my|his|her|their|tenant'?s?|client'?s?|claimant'?s?|resident'?s?|patient'?s?|pupil'?s?) (?:\w+ ){0,2}?(?:reference|ref|account|claim|case|tenancy|rent account|customer|crime|application|file)(?: (?:number|no|nr|ref|reference|id))?\.?:?(?: is)?:? ?#?(?<value>(?=[A-Z0-9/\-]{0,14}\d)[A-Z0-9](?:[/\-]?[A-Z0-9]){4,15})(?![A-Z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex PersonalReference();

    [GeneratedRegex(@"\b(?:my (?:full |first |last |real )?name(?:'s| is|:)|(?:his|her|their|tenant's|applicant's|claimant's|patient's|child's|resident's|client's|customer's) (?:full |first |last )?name(?:'s| is|:)|name of (?:the )?(?:tenant|applicant|claimant|patient|child|resident|client|customer)(?: is|:)) (?<value>(?:(?:mr|mrs|ms|miss|dr)\.? )?[\p{L}][\p{L}'\-]{1,24}(?: (?!and\b|who\b|from\b|at\b|in\b|I\b|of\b|but\b|what\b|which\b|how\b|i\b|we\b|my\b)[\p{L}][\p{L}'\-]{1,24}){0,2})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex GivenName();

    [GeneratedRegex(@"^0\d([./\- ])\d\d?\1\d{4}", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex DateLike();

    [GeneratedRegex(@"(?<![\w.+-])(?<local>\w[\w.+-]{0,63}) ?@ ?[\w-]{1,63}(?: ?\. ?[A-Za-z][\w-]{0,62}){1,4}", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Email();

    [GeneratedRegex(@"(?<![\w.+-])(?<local>\w[\w+-]{0,40}(?:(?:\.| ?[\(\[{]? ?(?:dot|DOT) ?[\)\]}]? ?)\w[\w+-]{0,40}){0,3})(?<at>\s{0,2}[\(\[{<]\s?(?:at|AT|a|@)\s?[\)\]}>]\s{0,2}|\s+(?:at|AT)\s+|\s?@\s?)(?<domain>[\w-]{1,40}(?:(?:\.|\s?[\(\[{<]\s?(?:dot|DOT|\.)\s?[\)\]}>]\s?|\s+(?:dot|DOT)\s+|\s\.\s)[A-Za-z][\w-]{1,20}){1,4})", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex WrittenEmail();

    [GeneratedRegex(@"\s?[\(\[{<]?\s?\bdot\b\s?[\)\]}>]?\s?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex DotWord();

    [GeneratedRegex(@"\b(?:e-?mail|mail|address|contact|reach|write to|message|send)\b[^.]{0,30}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex EmailCue();

    [GeneratedRegex(@"^(?:available|details?|online|website|site|page|pages|information|info|us|is|are|look|more|published|read|visit|live|here|hosted|found|find|see|out|team|work|based|lab|council|councils)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex PlaceWord();

    private const string Month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}";
    private const string Date = @"(?:\d{1,2} ?(?:st|nd|rd|th)?(?: of)? ?[ /.\-,] ?(?:\d{1,2}|" + Month + @") ?[ /.,\-] ?'?(?:\d{4}|\d{2})|\d{4} ?[\-/.] ?\d{1,2} ?[\-/.] ?\d{1,2}|" + Month + @" \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{8}|\d{1,2}" + Month + @"\d{2,4})(?!\d)";

    [GeneratedRegex(@"(?<![A-Za-z])(?:d ?\.? ?o ?\.? ?b ?\.?|date of birth|birth ?-?date|date born|birthday|born)(?![A-Za-z])[^.\d\n]{0,40}?(?<value>(?<!\d)" + Date + ")", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex BirthDate();

    [GeneratedRegex(@"(?<![\d/])(?<value>" + Date + @")[^.\d\n]{0,25}(?<![A-Za-z])(?:d\.?o\.?b\b|date of birth|birth ?-?date)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex DateThenBirth();

    [GeneratedRegex(@"\bpassport\b[^\d\n]{0,30}?(?<value>(?<![A-Za-z0-9])[A-Z]{0,2}\d(?:[ \-]?\d){6,8})(?![\d,])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Passport();

    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Z](?:[A-Z]{4}|[A-Z]{3}9|[A-Z]{2}99|[A-Z]999|9999)[ -]?\d[0156]\d[0-3]\d\d[ -]?[A-Z][A-Z9][ -]?[A-Z0-9][ -]?[A-Z]{2}(?: ?\d\d)?(?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Licence();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])[A-HJ-PR-Y][A-HJ-PR-Y]\d\d[ -]?[A-HJ-PR-Z]{3}(?![A-Za-z0-9-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Vehicle();

    [GeneratedRegex(@"(?<![A-Za-z0-9-])(?:[A-HJ-NPR-TV-Y]\d{1,3}[ -]?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3}[ -]?\d{1,3}[ -]?[A-HJ-NPR-TV-Y]|[A-Z]{1,3} ?\d{3,4})(?![A-Za-z0-9-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    private static partial Regex OldVehicle();

    [GeneratedRegex(@"\b(?:vehicle|registration|reg(?:\.|istered| no| plate| number)?|number ?plate|plate|licen[cs]e plate|VRM|VRN|car|van|driv(?:es|ing|er)|motorbike)\b(?![^.]*\b(?:grant|reference|charity|company)\b)[^.]{0,35}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex VehicleCue();

    [GeneratedRegex(@"(?<!\d)\d\d[ -]?\d\d[ -]?\d\d(?!\d)(?<=\d\d-\d\d-\d\d|\d\d \d\d \d\d|sort ?-?code[^\d]{0,10}\d{6})[^\d\n]{0,30}(?<!\d)\d(?:[ -]?\d){7}(?!\d|[.,/]\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex SortCodeAndAccount();

    [GeneratedRegex(@"\bsort ?-?code\b[^.\d\n]{0,20}(?<value>\d\d[ .\-]?\d\d[ .\-]?\d\d)(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex SortCodeCue();

    [GeneratedRegex(@"\b(?:bank )?(?:account|acct|a/c|acc)\b(?: ?(?:number|no|num|nr|#))?\b[^.\d\n]{0,12}(?<value>\d(?:[ \-]?\d){7})(?!\d|[.,/]\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex AccountCue();

    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Z]{2} ?\d\d(?=[ .\-]?[A-Z0-9]{2})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex IbanStart();

    [GeneratedRegex(@"(?<![\w.£$€,/])[2-6](?:[ .\-_]{0,2}\d){12,18}(?![\w]|[.,/\-]\d)", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex Card();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?:[A-Za-z0-9@+][ .\-_/|,*]{1,2}){4,}[A-Za-z0-9](?![A-Za-z0-9])", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex SingleCharacters();

    [GeneratedRegex(@"[A-Za-z0-9]+", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?=[\dOoIlSB| -]*\d)[\dOoIlSB|](?:[ -]?[\dOoIlSB|]){7,18}(?![A-Za-z0-9])", RegexOptions.CultureInvariant, Limit)]
    internal static partial Regex DigitLike();

    [GeneratedRegex(@"[.!?]\s+(?=[A-Z])|\n", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex SentenceEnd();
}
