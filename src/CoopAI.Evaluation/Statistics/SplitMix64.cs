namespace CoopAI.Evaluation.Statistics;

/// <summary>A small, fast random number generator whose sequence never changes between versions of .NET.</summary>
/// <remarks>Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="below"/> − 1. The bias of multiplying is below 2⁻³² for lists of fewer than 2³² items.</summary>
    public int Below(int below) => (int)Math.BigMul(Next(), (ulong)below, out _);
}
