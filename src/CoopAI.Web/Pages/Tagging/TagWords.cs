using System.Globalization;
using CoopAI.Core.Tagging;

namespace CoopAI.Web.Pages.Tagging;

/// <summary>What the tagger and staff say about a tag, in the same words on every page.</summary>
public static class TagWords
{
    public static string Of(TagDecision decision) => decision switch
    {
        TagDecision.Yes => "Likely",
        TagDecision.Unsure => "Unsure: please look",
        _ => "Unlikely",
    };

    /// <summary>Colour of the word's tag; the word always stands in it.</summary>
    public static string Colour(TagDecision decision) => decision switch
    {
        TagDecision.Yes => "govuk-tag--blue",
        TagDecision.Unsure => "govuk-tag--yellow",
        _ => "govuk-tag--grey",
    };

    public static string Of(StaffVerdict verdict) => verdict is StaffVerdict.Rejected ? "Rejected" : verdict is StaffVerdict.Added ? "Added" : "Accepted";

    /// <summary>Why one principle is "likely" at a figure at which another is not.</summary>
    public static string Why(SuggestedTag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return string.Create(CultureInfo.InvariantCulture, $"The tagger gives this {100 * tag.Probability:0} in 100. ") + tag.Decision switch
        {
            TagDecision.Yes => "For this principle that is enough: about nine in ten such tags were right when it was measured, and a sentence shows it by itself.",
            TagDecision.Unsure => "For this principle that is not enough to suggest it, or no sentence shows it by itself. Each principle has a line of its own, because some are harder to tell than others.",
            _ => "That is below this principle’s own line.",
        };
    }

    /// <summary>A share in words, such as "about half".</summary>
    /// <param name="share">In [0, 1].</param>
    public static string Share(double share) => share switch
    {
        < 0.03 => "almost none",
        >= 0.97 => "almost all",
        >= 0.45 and <= 0.55 => "about half",
        _ => string.Create(CultureInfo.InvariantCulture, $"about {Number((int)Math.Clamp(Math.Round(10 * share), 1, 9))} in ten"),
    };

    /// <summary>A number up to ten in letters.</summary>
    public static string Number(int number) => number is >= 0 and <= 10
        ? ((string[])["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])[number]
        : number.ToString(CultureInfo.InvariantCulture);
}
