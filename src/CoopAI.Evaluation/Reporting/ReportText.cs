using System.Globalization;

namespace CoopAI.Evaluation.Reporting;

/// <summary>Figures in words and digits, the same in every report.</summary>
public static class ReportText
{
    /// <summary>For example <c>0.623 (0.581 to 0.664, n = 248)</c>.</summary>
    public static string Of(Figure figure) => figure switch
    {
        Figure.Measured { Low: { } low, High: { } high } m =>
            string.Create(CultureInfo.InvariantCulture, $"{Digits(m.Value)} ({Digits(low)} to {Digits(high)}, n = {m.N}{Small(m)})"),
        Figure.Measured m => string.Create(CultureInfo.InvariantCulture, $"{Digits(m.Value)} (no interval, n = {m.N}{Small(m)})"),
        Figure.NotMeasured n => $"not measured: {n.Reason}",
        _ => throw new NotSupportedException(figure.GetType().Name),
    };

    /// <summary>Three decimals, or none for values of 100 and more.</summary>
    public static string Digits(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.000", CultureInfo.InvariantCulture);

    public static string P(double? p) => p switch
    {
        null => "–",
        < 0.001 => "< 0.001",
        _ => p.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static string Small(Figure.Measured m) => m.SmallSample ? ", small sample" : "";
}
