using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>
/// One spelling for each JSON value, so that a hash over it means something: no white space, members sorted by the UTF-16 units of their
/// names, numbers as ECMAScript prints an IEEE 754 double, and only the escapes that JSON demands.
/// </summary>
/// <remarks>Source: RFC 8785, JSON Canonicalization Scheme.</remarks>
public static class CanonicalJson
{
    /// <summary>Deepest nesting accepted.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = true };
    private static readonly SearchValues<char> NeedCare = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Concat(Enumerable.Range(0xD800, 0x800)).Append('"').Append('\\').Select(c => (char)c)]);
    private static readonly JsonSerializerOptions Relaxed = new() { MaxDepth = MaxDepth, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    /// <exception cref="FormatException">As for <see cref="Encode(JsonElement)"/>.</exception>
    public static byte[] Encode(JsonNode? value)
    {
        // A node may hold any CLR value; its own serialisation settles what JSON it is.
        byte[] text;
        try
        {
            text = value is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(value, Relaxed);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"This value cannot be written as canonical JSON: {e.Message}", e);
        }
        return Encode(text);
    }

    /// <summary>The canonical UTF-8 bytes of a JSON text.</summary>
    /// <exception cref="FormatException">The text is not JSON, or as for <see cref="Encode(JsonElement)"/>.</exception>
    public static byte[] Encode(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Encode(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"This is not JSON: {e.Message}", e);
        }
    }

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    /// <exception cref="FormatException">
    /// A member occurs twice in one object, a string holds a lone surrogate, or a number has no finite double. The message names the place.
    /// </exception>
    public static byte[] Encode(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(value, buffer, new Place());
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A finite double as ECMAScript's Number::toString prints it: at most 17 significant digits, the fewest that read back the same.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not finite.</exception>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            throw new FormatException("Canonical JSON has no spelling for infinity or not-a-number.");
        if (value == 0)
            return "0"; // minus zero included

        // .NET prints the shortest digits that read back the same, but puts the point and exponent elsewhere.
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Take(shortest);
        var n = exponent + 1;
        var k = digits.Length;
        var text = n switch
        {
            _ when k <= n && n <= 21 => digits + new string('0', n - k),
            > 0 and <= 21 => $"{digits[..n]}.{digits[n..]}",
            > -6 and <= 0 => $"0.{new string('0', -n)}{digits}",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"{digits[0]}{(k > 1 ? "." : "")}{digits[1..]}e{(n - 1 < 0 ? "-" : "+")}{Math.Abs(n - 1)}"),
        };
        return value < 0 ? "-" + text : text;
    }

    // The significant digits, and the power of ten of the first.
    private static (string Digits, int Exponent) Take(string shortest)
    {
        var e = shortest.IndexOf('E');
        var written = e < 0 ? 0 : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? shortest : shortest[..e];
        var point = mantissa.IndexOf('.') is var p and >= 0 ? p : mantissa.Length;
        var first = mantissa.AsSpan().IndexOfAnyInRange('1', '9');
        var digits = mantissa[first..].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        return (digits, written + (first < point ? point - first - 1 : point - first));
    }

    private static void Write(JsonElement value, ArrayBufferWriter<byte> buffer, Place place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, buffer, place);
                break;
            case JsonValueKind.Array:
                buffer.Write("["u8);
                var i = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (i > 0)
                        buffer.Write(","u8);
                    place.Enter(null, i++);
                    Write(item, buffer, place);
                    place.Leave();
                }
                buffer.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(Text(value, place), buffer, place);
                break;
            case JsonValueKind.Number:
                if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
                    throw new FormatException($"{place}: {value.GetRawText()} is too large for a number in canonical JSON; write it as a string.");
                buffer.Write(Encoding.ASCII.GetBytes(Number(number)));
                break;
            case JsonValueKind.True:
                buffer.Write("true"u8);
                break;
            case JsonValueKind.False:
                buffer.Write("false"u8);
                break;
            case JsonValueKind.Null:
                buffer.Write("null"u8);
                break;
            default:
                throw new FormatException($"{place}: there is no value here.");
        }
    }

    private static void WriteObject(JsonElement value, ArrayBufferWriter<byte> buffer, Place place)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in value.EnumerateObject())
            members.Add((NameOf(member, place), member.Value));
        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));

        buffer.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Name == members[i - 1].Name)
                    throw new FormatException($"{place}: the member \"{members[i].Name}\" occurs twice.");
                buffer.Write(","u8);
            }
            WriteString(members[i].Name, buffer, place);
            buffer.Write(":"u8);
            place.Enter(members[i].Name, 0);
            Write(members[i].Value, buffer, place);
            place.Leave();
        }
        buffer.Write("}"u8);
    }

    private static string Text(JsonElement value, Place place)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw HalfAPair(place, e);
        }
    }

    private static string NameOf(JsonProperty member, Place place)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException e)
        {
            throw HalfAPair(place, e);
        }
    }

    private static FormatException HalfAPair(Place place, Exception? inner = null) =>
        new($"{place}: a string here is not well-formed Unicode (half of a surrogate pair).", inner);

    private static void WriteString(string text, ArrayBufferWriter<byte> buffer, Place place)
    {
        buffer.Write("\""u8);
        var start = 0;
        for (var i = text.AsSpan().IndexOfAny(NeedCare); i >= 0 && i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }
            if (char.IsSurrogate(c))
                throw HalfAPair(place);
            if (c is >= ' ' and not '"' and not '\\')
                continue;

            Utf8(text.AsSpan(start, i - start), buffer);
            start = i + 1;
            buffer.Write(c switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\b' => "\\b"u8,
                '\t' => "\\t"u8,
                '\n' => "\\n"u8,
                '\f' => "\\f"u8,
                '\r' => "\\r"u8,
                _ => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")),
            });
        }
        Utf8(text.AsSpan(start), buffer);
        buffer.Write("\""u8);
    }

    private static void Utf8(ReadOnlySpan<char> text, ArrayBufferWriter<byte> buffer)
    {
        if (text.IsEmpty)
            return;
        var span = buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        buffer.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    /// <summary>Where in the document the writer is; spelled out only for a message.</summary>
    private sealed class Place
    {
        private readonly List<(string? Member, int Item)> _steps = [];

        public void Enter(string? member, int item) => _steps.Add((member, item));

        public void Leave() => _steps.RemoveAt(_steps.Count - 1);

        public override string ToString() => "$" + string.Concat(_steps.Select(s => s.Member is null ? $"[{s.Item}]" : $".{s.Member}"));
    }
}
