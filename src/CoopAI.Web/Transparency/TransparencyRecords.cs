using CoopAI.Adapters.Models;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Settings;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Transparency;

/// <summary>Fills the transparency record from the running configuration and the last accepted evaluation.</summary>
/// <remarks>Field numbers: the standard's template for tier 1 and tier 2; where published versions name a field differently, the newer name stands.</remarks>
public sealed class TransparencyRecords(
    IOptions<TransparencyOptions> options, HostOrganisation host, RetentionBook retention, ModelOptions models, EncoderIdentity encoder, LedgerOptions ledger,
    GuidanceRunner rules, AcceptedEvaluation evaluation, SearchCorpus corpus)
{
    private GuidanceFramework Guidance => rules.Framework;

    public async Task<TransparencyRecord> CreateAsync(CancellationToken ct = default)
    {
        var o = options.Value;
        var caseStudies = (await corpus.CurrentAsync(ct)).CaseStudies.Count;
        return new TransparencyRecord(
            "Algorithmic Transparency Recording Standard", "3.0", o.Id, o.Phase, o.Completed, o.Updated ?? o.Completed, o.Archived, Guidance.Version, Models(),
            [
                Section("metadata", "About this record", Metadata(o)),
                Section("tier-1", "Tier 1: overview", TierOne(o, caseStudies)),
                Section("owner", "2.1 Owner and responsibility", Owner(o)),
                Section("description", "2.2 Description and rationale", Description()),
                Section("decision", "2.3 Place in decisions", Decision()),
                Section("data", "2.4 Data", Data(caseStudies)),
                Section("risks", "2.5 Risks, mitigations and impact assessments", Risks(o)),
            ],
            evaluation.Figures);
    }

    private bool HasChat => models.Chat.Provider != ChatProvider.None;

    private string Writer => HasChat
        ? $"A chat model ({models.Chat.Model}) drafts the sentences; rules check each one against the passages that it cites, and withhold what fails."
        : "No language model writes the answers: rules choose sentences from the case studies and repeat them unchanged. The case studies that ship are summaries of councils' pages.";

    private List<TransparencyModel> Models() =>
    [
        models.Embedding.Provider == EmbeddingProvider.Onnx
            ? new("Sentence embeddings for search and tagging", encoder.ModelId, "run by this service on its own machine", $"{encoder.Dimension} values")
            : new("Sentence embeddings for search and tagging", encoder.ModelId, models.Embedding.Endpoint?.Host ?? "api.openai.com", $"{encoder.Dimension} values"),
        HasChat
            ? new("Drafting answers", models.Chat.Model!, models.Chat.Endpoint?.Host ?? "api.openai.com", "as served under this name")
            : new("Drafting answers", "none", "none", "sentences are quoted, not written"),
    ];

    private static TransparencySection Section(string id, string title, IEnumerable<(string Id, string? Number, string Name, string Value)> fields) =>
        new(id, title, [.. fields.Select(f => new TransparencyField(f.Id, f.Number, f.Name, f.Value))]);

    private static IEnumerable<(string, string?, string, string)> Metadata(TransparencyOptions o) =>
    [
        ("id", null, "Id", o.Id),
        ("date-completed", null, "Date completed", Day(o.Completed)),
        ("date-updated", null, "Date updated", Day(o.Updated ?? o.Completed)),
        ("date-archived", null, "Date archived", o.Archived is { } archived ? Day(archived) : "Not archived"),
        ("organisation-type", null, "Type of organisation", o.OrganisationType),
        ("function", null, "Function", "Policy research"),
        ("region", null, "Region", o.Region),
        ("phase", null, "Phase", o.Phase),
    ];

    private IEnumerable<(string, string?, string, string)> TierOne(TransparencyOptions o, int caseStudies) =>
    [
        ("name", "1.1", "Name", "CoopAI"),
        ("description", "1.2", "Description",
            $"CoopAI helps council officers to find what co-operative councils have done before. An officer asks a question. The service searches {caseStudies} case studies and answers with a short brief. Each sentence links to the sentence it rests on. {Writer} Officers use the brief as a starting point for their own work. It exists because precedents are spread over many pages and are hard to find."),
        ("website", "1.3", "Website", o.Website),
        ("contact", "1.4", "Contact", host().Contact ?? "Nobody is named yet."),
    ];

    private IEnumerable<(string, string?, string, string)> Owner(TransparencyOptions o) =>
    [
        ("organisation", "2.1.1", "Organisation", host().Name ?? TransparencyOptions.Nobody),
        ("team", "2.1.2", "Team", o.Team),
        ("senior-responsible-owner", "2.1.3", "Senior responsible owner", host().AccountableRole),
        ("external-supplier", "2.1.4", "External supplier", o.Supplier),
        ("supplier-access", "2.1.4.5", "Terms of data access", HasChat || models.Embedding.Provider == EmbeddingProvider.OpenAI
            ? $"Texts are sent to the model’s endpoint: {string.Join(", ", Endpoints().Distinct(StringComparer.Ordinal))}. Nothing else leaves the machine."
            : "No outside body receives data: everything runs on one machine."),
    ];

    private IEnumerable<(string, string?, string, string)> Description() =>
    [
        ("detailed-description", "2.2.1", "Detailed description",
            $"Words and sentence embeddings rank passages of the case studies. Values rules check the question, the passages and the answer: {Guidance.Version}, {Guidance.Rules.Count} rules. {Writer} Every answer is recorded in a ledger that shows any later change."),
        ("scope", "2.2.2", "Scope", "Precedents, case studies and the ten co-operative principles. Out of scope: decisions about a person, legal or financial advice, election matters, and anything about one resident."),
        ("benefit", "2.2.3", "Benefits", "Officers find precedents sooner, see what a source does not say, and can show members where each statement comes from."),
        ("previous-process", "2.2.4", "What was done before", "Officers searched the Network’s pages by hand, or asked colleagues in other councils."),
        ("alternatives", "2.2.5", "Alternatives considered", "Plain word search finds fewer of the right case studies. A language model without checks writes statements that no source supports."),
        ("models", "2.2.6", "Models", string.Join(" ", Models().Select(m => $"{m.Purpose}: {m.Name} ({m.Provider}; {m.Version})."))),
    ];

    private static IEnumerable<(string, string?, string, string)> Decision() =>
    [
        ("process", "2.3.1", "Place in the process", "It informs an officer’s research. It decides nothing."),
        ("information", "2.3.2", "Information given", "A brief with quoted sources, precedents, what is not covered, who should have a say, and notices of the rules."),
        ("frequency", "2.3.3", "How often it is used", "Whenever an officer asks. The number of answers can be read in the ledger."),
        ("human-review", "2.3.4", "Human decisions and review", "Officers judge every precedent themselves. Members review a weekly sample and any other answer; their verdicts are recorded."),
        ("training", "2.3.5", "Training", "The page “How it works” says what the service can and cannot do. The body that runs it trains its own officers."),
        ("appeals", "2.3.6", "Appeals and review", "Each answer has a link for a challenge. A member’s disagreement is recorded with its reason and stays with the answer."),
    ];

    private IEnumerable<(string, string?, string, string)> Data(int caseStudies) =>
    [
        ("sources", "2.4.1", "Sources", $"{caseStudies} case studies of councils, each with a link to the page where it was published."),
        ("personal-data", "2.4.2", "Personal data", "None is asked for. A question with personal data is stopped or masked before it is recorded. Where sign-in is used, names of accounts are kept."),
        ("sharing", "2.4.3", "Sharing", !ledger.PublishesToAddress ? "Data is not shared. Signed heads of the ledger, which hold no text, are added to a file of this machine." : "Signed heads of the ledger, which hold no text, are published outside the service."),
        ("quality", "2.4.4", "Quality and upkeep", "The case studies that ship are summaries of what councils wrote about themselves. Many are undated; the service says so. Staff correct principles, and their decisions are recorded."),
        ("storage", "2.4.5", "Storage and security",
            $"One database file on the service’s own machine. {(retention.Days > 0 ? $"The text of a question is erased after {retention.Days} days." : "The text of questions is kept until the body that runs the service erases it.")} The record of checks stays."),
    ];

    private static IEnumerable<(string, string?, string, string)> Risks(TransparencyOptions o) =>
    [
        ("dpia", "2.5.1", "Data protection impact assessment", o.DataProtectionAssessment),
        ("equality", "2.5.1", "Equality impact assessment", o.EqualityAssessment),
        ("risks", "2.5.2", "Risks", "A statement without support; a source that is old or one-sided; instructions hidden in a text; personal data in a question; too much trust in a brief."),
        ("mitigations", "2.5.3", "Mitigations", "Each sentence is checked against its source or withheld. Age and missing facts are shown. Hidden instructions are stopped. Personal data is masked. Answering can be switched off at once."),
    ];

    private IEnumerable<string> Endpoints()
    {
        if (models.Embedding.Provider == EmbeddingProvider.OpenAI) yield return models.Embedding.Endpoint?.Host ?? "api.openai.com";
        if (HasChat) yield return models.Chat.Endpoint?.Host ?? "api.openai.com";
    }

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
