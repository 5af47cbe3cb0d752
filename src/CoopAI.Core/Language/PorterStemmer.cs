namespace CoopAI.Core.Language;

/// <summary>Porter's suffix stripping for English.</summary>
/// <remarks>Source: Porter, "An algorithm for suffix stripping", Program 14(3), 1980, steps 1a to 5b. Words with anything but a–z are returned as they are.</remarks>
public static class PorterStemmer
{
    private static readonly (string Suffix, string By)[] Step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string By)[] Step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    // Longest first: of several suffixes that fit, the longest decides.
    private static readonly string[] Step4 =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic", "ou",
    ];

    /// <summary>Words whose stems a thread keeps at hand: a power of two. A text repeats most of its words.</summary>
    private const int Remembered = 8192;

    /// <summary>Longer words are rare, and remembering them would take memory without limit.</summary>
    private const int LongestRemembered = 32;

    [ThreadStatic]
    private static (string Word, string Stem)[]? _recent;

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length <= 2) return word;
        if (word.Length > LongestRemembered) return Strip(word);
        ref var slot = ref (_recent ??= new (string, string)[Remembered])[word.GetHashCode(StringComparison.Ordinal) & (Remembered - 1)];
        if (slot.Word != word) slot = (word, Strip(word));
        return slot.Stem;
    }

    private static string Strip(string word)
    {
        if (word.AsSpan().ContainsAnyExceptInRange('a', 'z')) return word;
        var w = Step1(word);
        w = Replace(w, Step2);
        w = Replace(w, Step3);
        w = Step4Of(w);
        if (w.EndsWith('e') && (Measure(w.AsSpan(0, w.Length - 1)) is var m && (m > 1 || (m == 1 && !EndsCvc(w.AsSpan(0, w.Length - 1))))))
            w = w[..^1];
        return w.EndsWith("ll", StringComparison.Ordinal) && Measure(w.AsSpan(0, w.Length - 1)) > 1 ? w[..^1] : w;
    }

    private static string Step1(string w)
    {
        if (w.EndsWith("sses", StringComparison.Ordinal) || w.EndsWith("ies", StringComparison.Ordinal)) w = w[..^2];
        else if (w.EndsWith('s') && !w.EndsWith("ss", StringComparison.Ordinal)) w = w[..^1];

        if (w.EndsWith("eed", StringComparison.Ordinal))
        {
            if (Measure(w.AsSpan(0, w.Length - 3)) > 0) w = w[..^1];
        }
        else if (Stripped(w, "ed") is { } past) w = Repair(past);
        else if (Stripped(w, "ing") is { } running) w = Repair(running);

        return w.EndsWith('y') && HasVowel(w.AsSpan(0, w.Length - 1)) ? w[..^1] + "i" : w;

        static string? Stripped(string w, string suffix) =>
            w.EndsWith(suffix, StringComparison.Ordinal) && HasVowel(w.AsSpan(0, w.Length - suffix.Length)) ? w[..^suffix.Length] : null;

        static string Repair(string w) => w switch
        {
            _ when w.EndsWith("at", StringComparison.Ordinal) || w.EndsWith("bl", StringComparison.Ordinal) || w.EndsWith("iz", StringComparison.Ordinal) => w + "e",
            [.., var a, var b] when a == b && IsConsonant(w, w.Length - 1) && b is not ('l' or 's' or 'z') => w[..^1],
            _ when Measure(w) == 1 && EndsCvc(w) => w + "e",
            _ => w,
        };
    }

    private static string Replace(string w, (string Suffix, string By)[] rules)
    {
        foreach (var (suffix, by) in rules)
        {
            if (w.EndsWith(suffix, StringComparison.Ordinal))
                return Measure(w.AsSpan(0, w.Length - suffix.Length)) > 0 ? string.Concat(w.AsSpan(0, w.Length - suffix.Length), by) : w;
        }

        return w;
    }

    private static string Step4Of(string w)
    {
        foreach (var suffix in Step4)
        {
            if (!w.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var stem = w.AsSpan(0, w.Length - suffix.Length);
            var fits = Measure(stem) > 1 && (suffix != "ion" || stem is [.., 's' or 't']);
            return fits ? stem.ToString() : w;
        }

        return w;
    }

    private static bool IsConsonant(ReadOnlySpan<char> w, int i) => w[i] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => i == 0 || !IsConsonant(w, i - 1),
        _ => true,
    };

    private static bool HasVowel(ReadOnlySpan<char> w)
    {
        for (var i = 0; i < w.Length; i++)
        {
            if (!IsConsonant(w, i)) return true;
        }

        return false;
    }

    /// <summary>How often a vowel run is followed by a consonant run: m in [C](VC)^m[V].</summary>
    private static int Measure(ReadOnlySpan<char> w)
    {
        var m = 0;
        for (var i = 1; i < w.Length; i++)
        {
            if (IsConsonant(w, i) && !IsConsonant(w, i - 1)) m++;
        }

        return m;
    }

    private static bool EndsCvc(ReadOnlySpan<char> w) =>
        w.Length >= 3 && IsConsonant(w, w.Length - 1) && !IsConsonant(w, w.Length - 2) && IsConsonant(w, w.Length - 3) && w[^1] is not ('w' or 'x' or 'y');
}
