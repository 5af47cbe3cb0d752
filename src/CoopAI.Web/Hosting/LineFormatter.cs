using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace CoopAI.Web.Hosting;

/// <summary>Writes one event as one line, and a fault's trace indented below it, so that nothing a caller sends can pass for a line of the log or steer a terminal.</summary>
internal sealed class LineFormatter : ITextFormatter
{
    private const string Indent = "    ";

    private readonly MessageTemplateTextFormatter _line = new("{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}", System.Globalization.CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        ArgumentNullException.ThrowIfNull(output);
        using var line = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        _line.Format(logEvent, line);
        WriteEscaped(line.ToString(), output);
        output.WriteLine();
        if (logEvent.Exception is not { } exception) return;
        foreach (var part in exception.ToString().Split('\n'))
        {
            output.Write(Indent);
            WriteEscaped(part.TrimEnd('\r'), output);
            output.WriteLine();
        }
    }

    // Control characters, and those that break or turn a line without being one.
    private static void WriteEscaped(string text, TextWriter output)
    {
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator) output.Write($"\\u{(int)c:x4}");
            else output.Write(c);
        }
    }
}
