using CoopAI.Core.Principles;

namespace CoopAI.Web.Pages;

/// <summary>The ten principles as people read them, by id and in the Network's order.</summary>
public sealed class PrincipleNames(PrincipleCatalogue catalogue)
{
    private readonly Dictionary<string, Principle> _principles = catalogue.Principles.ToDictionary(p => p.Id, StringComparer.Ordinal);

    private readonly Dictionary<string, string> _names =
        catalogue.Principles.ToDictionary(p => p.Id, p => p.Name, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> All => _names;

    /// <summary>What the principle means, with examples; null: the id is none of the ten.</summary>
    public Principle? Find(string id) => _principles.GetValueOrDefault(id);

    /// <summary>The name, or the id itself when it is none of the ten: old records may hold others.</summary>
    public string this[string id] => _names.GetValueOrDefault(id, id);
}
