using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Hosting;

/// <summary>What the record says of copies, the same from the page and from the command line.</summary>
public static class BackUpRecord
{
    /// <summary>A copy left the house: the record says when and by whom.</summary>
    public static void Taken(SettingsBook settings, DateTimeOffset now, string author, string reason)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Change("back-up", BackUps.NameAt(now) + now.ToString(".fff", CultureInfo.InvariantCulture), author, reason);
    }

    /// <summary>A copy was put back.</summary>
    /// <param name="entries">How many entries the record had before and has now, from <see cref="BackUps.Restore"/>.</param>
    public static void PutBack(SettingsBook settings, (long Before, long After) entries, DateTimeOffset now, string author, string reason)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Change("restored", new JsonObject { ["entriesBefore"] = entries.Before, ["entriesOfCopy"] = entries.After, ["at"] = now.ToString("O", CultureInfo.InvariantCulture) }, author, reason);
    }
}
