namespace CoopAI.Core.Briefs;

/// <summary>Why the service gives no answers at present.</summary>
public sealed record AnsweringOff(string Reason, DateTimeOffset Since);

/// <summary>Whether answering was switched off by somebody who may.</summary>
public interface IOffSwitch
{
    /// <summary>Null: answering is on.</summary>
    AnsweringOff? Get();
}

/// <summary>Answering is always on: for evaluations.</summary>
public sealed class AlwaysOn : IOffSwitch
{
    public AnsweringOff? Get() => null;
}

/// <summary>A question was asked while answering was switched off. The message is for the asker.</summary>
public sealed class AnsweringOffException(AnsweringOff off) : Exception($"Answering is switched off. Reason: {off.Reason}")
{
    public AnsweringOff Off { get; } = off;
}
