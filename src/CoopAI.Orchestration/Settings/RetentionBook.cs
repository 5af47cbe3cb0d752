using CoopAI.Core;

namespace CoopAI.Orchestration.Settings;

/// <summary>How long the text of questions is kept before anybody sets it while the service runs.</summary>
/// <param name="Days">0: until somebody erases it.</param>
public sealed record ConfiguredRetention(int Days);

/// <summary>How long the text of questions is kept: as an administrator set it while the service runs; before that, as it was configured.</summary>
public sealed class RetentionBook(SettingsBook settings, ConfiguredRetention configured)
{
    public const string Setting = "retain-questions-days";

    /// <summary>Ten years.</summary>
    public const int MaxDays = 3650;

    /// <summary>0: until somebody erases it.</summary>
    public int Days => (int?)settings.Get(Setting) ?? configured.Days;

    /// <exception cref="BadInputException">The number is out of range or the same as before, or author or reason is missing.</exception>
    public void Change(int days, string author, string reason)
    {
        if (days is < 0 or > MaxDays) throw new BadInputException($"Questions are kept for 0 to {MaxDays} days; 0 keeps them.");
        if (days == Days) throw new BadInputException($"It is {days} days already.");
        settings.Change(Setting, days, author, reason);
    }
}
