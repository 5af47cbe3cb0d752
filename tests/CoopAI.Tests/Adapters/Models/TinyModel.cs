using System.Buffers.Binary;
using System.Text;

namespace CoopAI.Tests.Adapters.Models;

/// <summary>ONNX models of one step, written by hand so that no file of one has to be kept.</summary>
/// <remarks>Source: onnx.proto3.</remarks>
internal static class TinyModel
{
    /// <summary>Picks a row of a table, all of whose values are <paramref name="value"/>, for each whole number of its one input (texts by word pieces).</summary>
    public static byte[] Table(string input, int rows, int dimensions, float value)
    {
        var raw = new byte[rows * dimensions * 4];
        for (var i = 0; i < rows * dimensions; i++) BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), value);
        var node = Join(Text(1, "table"), Text(1, input), Text(2, "output"), Text(4, "Gather"));
        var table = Join(Number(1, rows), Number(1, dimensions), Number(2, 1), Text(8, "table"), Bytes(9, raw));
        var graph = Join(Bytes(1, node), Text(2, "tiny"), Bytes(5, table), Bytes(11, Tensor(input, 7, "texts", "pieces")), Bytes(12, Tensor("output", 1, "texts", "pieces", dimensions)));
        return Join(Number(1, 8), Bytes(7, graph), Bytes(8, Number(2, 13)));
    }

    /// <param name="type">1: float; 7: whole numbers of 64 bits.</param>
    /// <param name="shape">Names of open dimensions, numbers of fixed ones.</param>
    private static byte[] Tensor(string name, int type, params object[] shape) =>
        Join(Text(1, name), Bytes(2, Bytes(1, Join(Number(1, type), Bytes(2, Join([.. shape.Select(d => Bytes(1, d is int size ? Number(1, size) : Text(2, (string)d)))]))))));

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] content) => Join(Varint(((ulong)field << 3) | 2), Varint((ulong)content.Length), content);

    private static byte[] Number(int field, int value) => Join(Varint((ulong)field << 3), Varint((ulong)value));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];
}
