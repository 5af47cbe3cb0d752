using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Point ids that follow from passage ids: writing a passage again replaces its point.</summary>
/// <remarks>Source: RFC 9562, section 5.5 (UUID version 5: SHA-1 over a namespace and a name).</remarks>
internal static class QdrantPointId
{
    /// <summary>This product's namespace: version 5 of "coopai:passage" in the RFC's URL namespace.</summary>
    private static readonly Guid Namespace = Version5(new Guid("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "coopai:passage");

    public static Guid Of(string passageId) => Version5(Namespace, passageId);

    /// <summary>Version 5 of a UTF-8 name in a namespace.</summary>
    internal static Guid Version5(Guid space, string name)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
#pragma warning disable CA5350 // the RFC names SHA-1; nothing here depends on it being hard to collide
        var hash = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(hash[6..]) & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
