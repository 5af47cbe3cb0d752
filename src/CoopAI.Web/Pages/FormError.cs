namespace CoopAI.Web.Pages;

/// <summary>One thing to put right in a form.</summary>
/// <param name="Field">Id of the field that the summary links to.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record FormError(string Field, string Message)
{
    /// <summary>Shown when the anti-forgery token no longer fits, so that nothing typed is lost.</summary>
    public const string Stale = "This form was open for too long, or you signed in again since. What you typed is still here: send it again.";
}
