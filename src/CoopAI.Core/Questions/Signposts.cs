namespace CoopAI.Core.Questions;

/// <summary>Whom a message tells of as in danger.</summary>
public enum Danger
{
    /// <summary>The writer.</summary>
    Yourself,

    /// <summary>A child or another person.</summary>
    Somebody,
}

/// <summary>A message tells of a person in danger: it is not searched for, not recorded and not repeated. The message says where there is help.</summary>
public sealed class DangerException(Danger danger) : Exception(Signposts.HelpFor(danger))
{
    public Danger Danger => danger;
}

/// <summary>Recognises a message from or about a person in danger, which gets help rather than a search. Patterns and their form: <c>prompts/signposts.txt</c>.</summary>
/// <remarks>Pure and safe for concurrent use; takes time in proportion to the message's length.</remarks>
public sealed class Signposts
{
    /// <summary>Words that a "*" may stand for.</summary>
    private const int MaxGap = 3;

    private readonly IReadOnlyList<(Danger Danger, string[][] Steps)> _patterns;

    /// <param name="lines">The file's lines.</param>
    /// <exception cref="BadInputException">A pattern stands before the first heading, or a heading is unknown.</exception>
    public Signposts(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var patterns = new List<(Danger, string[][])>();
        Danger? danger = null;
        var number = 0;
        foreach (var line in lines.Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '[')
            {
                danger = line switch
                {
                    "[yourself]" => Danger.Yourself,
                    "[somebody]" => Danger.Somebody,
                    _ => throw new BadInputException($"signposts.txt, line {number}: {line} is no heading. Write [yourself] or [somebody]."),
                };
                continue;
            }

            patterns.Add((danger ?? throw new BadInputException($"signposts.txt, line {number}: write [yourself] or [somebody] before the first pattern."),
                [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('/'))]));
        }

        _patterns = patterns;
    }

    /// <summary>Where there is help, in the words of the Ask page, for doors without pages.</summary>
    public static string HelpFor(Danger danger) =>
        "This service cannot help with this, but people can. If a life is in danger, call 999. " + (danger == Danger.Yourself
            ? "If you are thinking of ending your life, call Samaritans on 116 123, free, day and night; or NHS 111 and choose the mental health option. "
            : "If a child or another person is being hurt, tell the safeguarding team of your council today; outside office hours ask for the emergency duty team. If somebody has said that they want to end their life, Samaritans can be called at any time on 116 123. If it is not an emergency and you want the police, call 101. ")
        + "What you wrote was not searched for and is not kept.";

    /// <returns>Whom the message tells of as in danger; null: nobody.</returns>
    public Danger? Read(string? message)
    {
        if (string.IsNullOrWhiteSpace(message)) return null;
        foreach (var sentence in message.Split(['.', '!', '?', ';', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var words = Words(sentence);
            // "How do councils help when a child is being hurt?" asks about councils.
            var about = words.Any(w => w is "council" or "councils" or "authority" or "authorities" or "precedent" or "precedents");
            foreach (var (danger, steps) in _patterns)
            {
                if (about && danger == Danger.Somebody) continue;
                for (var start = 0; start < words.Count; start++)
                {
                    if (Fits(words, start, steps, 0)) return danger;
                }
            }
        }

        return null;
    }

    private static bool Fits(List<string> words, int at, string[][] steps, int step)
    {
        if (step == steps.Length) return true;
        if (steps[step] is ["*"])
        {
            for (var gap = 0; gap <= MaxGap && at + gap <= words.Count; gap++)
            {
                if (Fits(words, at + gap, steps, step + 1)) return true;
            }

            return false;
        }

        return at < words.Count && Array.IndexOf(steps[step], words[at]) >= 0 && Fits(words, at + 1, steps, step + 1);
    }

    private static List<string> Words(string sentence)
    {
        var letters = new string([.. sentence.Where(c => c is not ('\'' or '\u2019')).Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]);
        return [.. letters.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
