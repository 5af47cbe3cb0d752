using System.Text.RegularExpressions;

namespace CoopAI.Core.Guidance;

/// <summary>Tells requests for precedents from other tasks.</summary>
public static partial class Scope
{
    /// <summary>The fixed reply to a request for another task, or null.</summary>
    public static string? Refusal(string question) => OtherTask().IsMatch(question)
        ? "This service finds precedents in case studies; it does not write, translate or work things out. Ask what other councils have done, for example: How have councils involved tenants in repairs?"
        : null;

    // Only at the start, and only with an object that is a text or a sum: "Draft plans of others" and "write-offs" are questions like any other.
    [GeneratedRegex(
        @"^\W*(?:please\s+|can you\s+|could you\s+|would you\s+|will you\s+|help me (?:to )?|i (?:want|need) you to\s+)*(?:(?:write|draft|compose|generate|create|prepare)\s+(?:me\s+|us\s+|up\s+)?(?:an?|the|my|our|some|this)\s+(?:\w+\s+){0,3}?(?:poem|song|story|joke|letter|e-?mail|speech|press release|essay|tweet|post|blog|article|code|script|program|limerick|advert|leaflet|cv|invoice|contract)\b|translate\s|(?:what is|what's|calculate|compute|solve)\s+\d+\s*[-+*/x×÷^]\s*\d|tell me a (?:joke|story)|(?:sing|play) (?:me|us|a song|some music)\b|write (?:code|python|sql|javascript)\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex OtherTask();
}
