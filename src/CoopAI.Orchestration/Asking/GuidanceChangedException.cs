namespace CoopAI.Orchestration.Asking;

/// <summary>Other rules came into force while the question was being answered.</summary>
internal sealed class GuidanceChangedException : Exception
{
    public GuidanceChangedException()
        : base("The rules changed while the question was being answered.")
    {
    }
}
