namespace CoopAI.Adapters.Models;

/// <summary>A model's endpoint gave no usable answer. The rest of the service can go on.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">What is wrong and what would be right, without the key and without the texts sent.</param>
public sealed class ModelServiceException(ModelServiceFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ModelServiceFault Fault { get; } = fault;
}

/// <summary>Why a model's endpoint gave no usable answer.</summary>
public enum ModelServiceFault
{
    /// <summary>It did not answer, broke off, or has an error of its own. May pass by itself.</summary>
    Away,

    /// <summary>It did not answer within the time set.</summary>
    TimedOut,

    /// <summary>It asks for fewer requests, or a quota is used up.</summary>
    TooManyRequests,

    /// <summary>It does not accept the key.</summary>
    Unauthorised,

    /// <summary>It refuses the request: an unknown model, a text that is too long.</summary>
    Refused,

    /// <summary>What it answers is not what was asked for.</summary>
    Malformed,
}
