using System.Runtime.CompilerServices;

namespace CoopAI.Adapters.Models;

/// <summary>A zeroed block of floats at a fixed address that is a multiple of 64 bytes, so that one vector load never spans two cache lines.</summary>
internal sealed unsafe class AlignedFloats
{
    private readonly float[] _memory; // keeps the pinned block alive

    public AlignedFloats(int length)
    {
        _memory = GC.AllocateArray<float>(length + 16, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _memory[0]);
        Pointer = (float*)((address + 63) & ~(nuint)63);
        Length = length;
    }

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
