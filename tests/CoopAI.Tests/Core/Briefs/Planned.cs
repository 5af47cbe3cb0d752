using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Tests.Core.Briefs;

/// <summary>Evidence made by hand: what fits how well is said, not computed.</summary>
internal static class Planned
{
    /// <summary>Quotes what belongs at a half or more; answers at 0.7, offers at 0.4.</summary>
    public static BriefModel Model { get; } = BriefModel.Shipped with { AnsweredFrom = 0.7, MayHelpFrom = 0.4, QuotedFrom = 0.5 };

    public static CaseStudy CaseStudy(string slug, string text, string? council = null, int? year = null, params string[] partners) =>
        new() { Slug = slug, Title = $"Title of {slug}", LeadMember = council, Year = year, ParticipatingMembers = partners, Text = text };

    /// <param name="belongs">One for each sentence of the text.</param>
    public static StudyEvidence Study(CaseStudy caseStudy, double fit, params double[] belongs)
    {
        var spans = Sentences.Split(caseStudy.Text);
        var source = new IndexedCaseStudy(
            caseStudy, [new Passage($"{caseStudy.Slug}#0", caseStudy.Slug, 0, caseStudy.Text, 0)], [new float[2]], [.. spans], QuantizedVectors.Of([.. spans.Select(_ => (ReadOnlyMemory<float>)new float[2])], 2), new float[2], new float[2]);
        return new StudyEvidence(source, [], fit)
        {
            Sentences = [.. spans.Select((s, i) => new SentenceEvidence(i, s, s.In(caseStudy.Text), belongs[i], 0, false) { Belongs = belongs[i], Answer = belongs[i] })],
        };
    }

    public static PartEvidence Evidence(double chance, QuestionPart part, params StudyEvidence[] studies) =>
        new() { Part = part, Studies = studies, Signals = [], LogOdds = Math.Log(chance / (1 - chance)) };

    public static QuestionPart Part(params AskKind[] kinds) => new() { Asked = "What was done?", Own = "what was done", Kinds = kinds.Length == 0 ? [AskKind.WhatWasDone] : kinds };

    public static NamedCouncil Council(string name, params string[] members) => new($"{name} Council", name, members, [], []);

    public static IEnumerable<string> Quoted(PartPlan plan) => plan.Studies.SelectMany(s => s.Sentences).Select(s => s.Text);
}
