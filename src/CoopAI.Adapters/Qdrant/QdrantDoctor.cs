using System.Globalization;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <param name="Check">What was looked at.</param>
/// <param name="Passed">Null: not looked at, because something before it is wrong.</param>
/// <param name="Detail">What was found, and what would be right.</param>
public sealed record QdrantFinding(string Check, bool? Passed, string Detail);

/// <summary>Says in plain words what is wrong with an address, a key, a version, a collection or its dimension. Changes nothing.</summary>
public sealed class QdrantDoctor(QdrantConnection connection, string modelId, int dimension)
{
    private static readonly string[] Checks = ["address", "server version", "API key", "collection", "encoder"];

    /// <summary>One finding for each check, in the order in which they depend on each other.</summary>
    public async Task<IReadOnlyList<QdrantFinding>> ExamineAsync(CancellationToken ct)
    {
        var gate = new QdrantGate(connection);
        var findings = new List<QdrantFinding>();
        var address = connection.Options.Address;
        try
        {
            var version = await gate.CheckServerAsync(ct).ConfigureAwait(false);
            findings.Add(new(Checks[0], true, $"{address} answers."));
            findings.Add(new(Checks[1], true, $"Qdrant {version}."));
            await gate.AliasesAsync(ct).ConfigureAwait(false);
            findings.Add(new(Checks[2], true, connection.HasKey ? "accepted." : "none is set, and the server asks for none."));
            if (await gate.FindAsync(ct).ConfigureAwait(false) is not var (collection, mark))
            {
                findings.Add(new(Checks[3], true, $"'{connection.Options.Alias}' is not there yet. Build it: coopai index rebuild."));
                findings.Add(new(Checks[4], true, string.Create(CultureInfo.InvariantCulture, $"'{modelId}' with {dimension} dimensions will be used.")));
                return findings;
            }

            findings.Add(new(Checks[3], true, $"'{connection.Options.Alias}' is '{collection}', an index of this program."));
            await gate.FindFittingAsync(modelId, dimension, ct).ConfigureAwait(false);
            findings.Add(new(Checks[4], true, string.Create(CultureInfo.InvariantCulture, $"'{mark.ModelId}' with {mark.Dimension} dimensions, as this program runs.")));
        }
        catch (PassageStoreUnavailableException e)
        {
            // A finding that was reached already stands: a fault belongs to the check that its kind names, if that is later.
            var at = Math.Max(findings.Count, e.Fault switch
            {
                PassageStoreFault.UnsupportedServer => 1,
                PassageStoreFault.ForeignCollection => 3,
                PassageStoreFault.OtherDimension or PassageStoreFault.OtherModel => 4,
                PassageStoreFault.Refused when e.Message.Contains("API key", StringComparison.Ordinal) => 2,
                _ => 0,
            });
            while (findings.Count < at) findings.Add(new(Checks[findings.Count], true, findings.Count == 0 ? $"{address} answers." : "not what stopped the examination."));
            findings.Add(new(Checks[at], false, e.Message));
        }

        while (findings.Count < Checks.Length) findings.Add(new(Checks[findings.Count], null, $"not looked at: first put the {findings.First(f => f.Passed == false).Check} right."));
        return findings;
    }
}
