using System.Text.RegularExpressions;
using CoopAI.Core.Text;

namespace CoopAI.Core.Guidance.Checkers;

/// <summary>Compares names of councils as people write them.</summary>
internal static partial class CouncilNames
{
    /// <summary>Lower case without the words that every council shares: "Northbeck City Council" and "northbeck" are one.</summary>
    public static string Short(string name)
    {
        var level = Levelling.Level(name);
        var stripped = Shared().Replace(level, " ").Trim();
        return stripped.Length == 0 ? level : Spaces().Replace(stripped, " ");
    }

    public static bool Same(string a, string b) => string.Equals(Short(a), Short(b), StringComparison.Ordinal);

    [GeneratedRegex(@"\b(?:the|royal|london|metropolitan|borough|district|city|county|unitary|council|authority|combined|of)\b", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Shared();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Spaces();
}
