using CoopAI.Core.Guidance;

namespace CoopAI.Orchestration.Asking;

/// <summary>Who runs the service when a question is asked, and the dates that its rules go by, where administrators set them while it runs.</summary>
/// <param name="AccountableRole">Who answers for what is said.</param>
/// <param name="Contact">Null: as configured.</param>
/// <param name="Windows">Every pre-election period in force; null: the guidance's own table is all there is.</param>
public sealed record RunningHost(string AccountableRole, string? Contact, IReadOnlyList<ElectionWindow>? Windows);

/// <summary>Reads the host's settings as they are now.</summary>
public delegate RunningHost RunningHosts();
