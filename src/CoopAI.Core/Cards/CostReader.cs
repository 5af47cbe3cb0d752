using System.Text.RegularExpressions;

namespace CoopAI.Core.Cards;

/// <summary>Finds the sentences that give a sum which the work cost, brought in, saved or was worth.</summary>
/// <remarks>"Cost of living" is no cost, a share is no sum, and what a place earns, owes or is worth is none either.</remarks>
internal static partial class CostReader
{
    private static readonly CueList Saving = new("saved, saving, savings, saves, cheaper, avoided, cut costs, reduced costs");
    private static readonly CueList Funding = new("grant, grants, fund, funds, funded, funding, bid, award, awarded, received, receives, invested, investment, investing, raised, donated, pledge, pledged, gave, given, put, lottery, levy, loan, loans, shares, crowdfunding, sponsor, contributed, money");
    private static readonly CueList Value = new("worth, value, valued, contract, award, threshold, order, orders, spend with, procurement");
    private static readonly CueList Spent = new("cost, costs, costing, spent, spends, spend, spending, paid, pays, pay, budget, price, fee, fees, annual");
    private static readonly CueList NoCost = new("turnover, income, incomes, wage, wages, salary, salaries, earn, earns, earning, earnings, debt, debts, arrears, rent, rents, bill, bills, economy, gdp, gva, wealth, benefit cap, threshold, poverty line, household, households, mortgage, house price, house prices, pension, deficit, gap, cuts, shortfall, loses, losing, losses, revenue, profit, profits, exports");

    public static CostStated? Read(string sentence)
    {
        if (!Sum().IsMatch(sentence)) return null;
        // Each clause with a sum is looked at alone: one that is of the work is enough.
        var clauses = sentence.Split([';', ',']).Where(c => Sum().IsMatch(c)).DefaultIfEmpty(sentence).ToList();
        var own = clauses.Select(c => new SentenceSignals(c)).Where(c => !c.Has(NoCost) || c.Has(Saving) || c.Has(Funding) || c.Has(Spent)).ToList();
        if (own.Count == 0) return null;
        var about = new SentenceSignals(sentence);
        CostKind? KindOf(SentenceSignals s) => s.Has(Saving) ? CostKind.Saving : s.Has(Funding) ? CostKind.Funding : s.Has(Value) ? CostKind.Value : s.Has(Spent) ? CostKind.Cost : null;
        return new CostStated(sentence, KindOf(own[0]) ?? KindOf(about) ?? CostKind.Cost);
    }

    [GeneratedRegex(@"[£€$]\s?\d|\b\d[\d,.]*\s?(?:million|billion|thousand|m|bn|k)?\s?(?:pounds|euros|sterling|GBP)\b|\bGBP\s?\d", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sum();
}
