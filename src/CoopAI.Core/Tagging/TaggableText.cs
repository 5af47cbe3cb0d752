using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Tagging;

/// <summary>A text to be tagged.</summary>
/// <param name="Slug">Its name, or null for a text that is not (yet) a case study.</param>
/// <param name="Title">Read with the text, but never given as evidence; may be empty.</param>
/// <param name="Text">Plain text or HTML. Evidence offsets count in it as it is.</param>
public sealed record TaggableText(string? Slug, string Title, string Text)
{
    public static TaggableText Of(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return new(caseStudy.Slug, caseStudy.Title, caseStudy.Text);
    }

    /// <summary>Equal for texts that differ only in type, case and spaces: finds duplicates under another slug. 16 hex digits.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Levelling.Level(Text))))[..16];
}
