namespace CoopAI.Core.Principles;

/// <summary>The fixed ids of the ten co-operative principles, in the Network's order.</summary>
public static class PrincipleIds
{
    public static IReadOnlyList<string> All { get; } =
    [
        "social-partnership", "democratic-engagement", "co-production", "enterprise-social-economy", "social-value",
        "community-leadership", "new-models", "innovation", "learning", "walking-the-talk",
    ];

    public static bool Contains(string id) => All.Contains(id, StringComparer.Ordinal);
}
