namespace CoopAI.Core.Tagging;

/// <summary>Staff's decisions on tags. Nothing is overwritten: a new decision on the same tag stands before the older, an undone one stays readable.</summary>
/// <remarks>A decision and its entry in the ledger are stored together or not at all.</remarks>
public interface ITagDecisions
{
    /// <summary>Changes with every decision and every undoing, also by other processes.</summary>
    string GetVersion();

    /// <summary>The decisions that stand: the latest one of each tag that was not undone. By slug, then principle.</summary>
    IReadOnlyList<StaffDecision> GetStanding();

    /// <summary>The latest decision that stands of each person on each tag: what agreement is measured on.</summary>
    IReadOnlyList<StaffDecision> GetByPerson();

    /// <summary>The latest decision of one person that stands; null: there is none.</summary>
    StaffDecision? GetLatest(string by);

    /// <summary>How many decisions of one person stand since a moment.</summary>
    int Count(string by, DateTimeOffset since);

    void Add(StaffDecision decision);

    /// <summary>Takes back the decision that stands on a tag; an older one on it stands again.</summary>
    /// <returns>The decision taken back, or null when none stood.</returns>
    StaffDecision? Undo(string slug, string principle, string by, DateTimeOffset at);
}
