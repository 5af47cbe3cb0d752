using System.Text;

namespace CoopAI.Adapters.Models;

/// <summary>Reads from a model's file what ONNX Runtime does not tell: how many word pieces its table of embeddings has.</summary>
/// <remarks>Source: onnx.proto3 (ModelProto.graph = 7; GraphProto.node = 1, initializer = 5; NodeProto.input = 1, op_type = 4; TensorProto.dims = 1, name = 8). Weights are passed over, not read.</remarks>
internal static class OnnxFile
{
    private const int LargestNode = 1 << 20;

    /// <summary>Rows of the table that <paramref name="input"/> picks from, or null when the file does not show it plainly.</summary>
    public static long? RowsPickedBy(string path, string input)
    {
        using var file = File.OpenRead(path);
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        string? table = null;
        try
        {
            Walk(file, file.Length, (field, end) =>
            {
                if (field == 7) Walk(file, end, (part, partEnd) => { if (part == 1) Node(partEnd); else if (part == 5) Weights(partEnd); });
            });
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return table is not null && rows.TryGetValue(table, out var count) ? count : null;

        void Node(long end)
        {
            if (end - file.Position > LargestNode) return;
            var (inputs, type) = (new List<string>(), "");
            Walk(file, end, (field, fieldEnd) =>
            {
                if (field == 1) inputs.Add(Text(file, fieldEnd));
                else if (field == 4) type = Text(file, fieldEnd);
            });
            if (type == "Gather" && inputs is [var from, var by] && by == input) table = from;
        }

        void Weights(long end)
        {
            long? first = null;
            var name = "";
            Walk(file, end, (field, fieldEnd) =>
            {
                if (field == 1) first ??= Number(file);
                else if (field == 8) name = Text(file, fieldEnd);
            }, number: n => { if (n.Field == 1) first ??= n.Value; });
            if (first is { } count) rows[name] = count;
        }
    }

    /// <summary>Calls <paramref name="part"/> for each field with a length, the file standing at its content; what it leaves unread is passed over.</summary>
    private static void Walk(Stream file, long end, Action<int, long> part, Action<(int Field, long Value)>? number = null)
    {
        while (file.Position < end)
        {
            var tag = Number(file);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    var value = Number(file);
                    number?.Invoke((field, value));
                    break;
                case 1:
                    file.Position += 8;
                    break;
                case 5:
                    file.Position += 4;
                    break;
                case 2:
                    var length = Number(file);
                    var stop = file.Position + length;
                    if (length < 0 || stop > end) throw new InvalidDataException();
                    part(field, stop);
                    file.Position = stop;
                    break;
                default:
                    throw new InvalidDataException();
            }
        }
    }

    private static long Number(Stream file)
    {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0) throw new InvalidDataException();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException();
    }

    private static string Text(Stream file, long end)
    {
        var length = end - file.Position;
        if (length > 4096) return "";
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
