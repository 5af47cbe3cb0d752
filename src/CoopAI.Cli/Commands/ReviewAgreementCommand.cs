using System.CommandLine;
using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using static CoopAI.Cli.Commands.ReviewCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai reviews agreement</c>.</summary>
internal static class ReviewAgreementCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("agreement", "How far members agree with each other: Krippendorff's alpha with its 95% interval.");
        command.Run(environment, (context, _) =>
        {
            var agreement = context.Get<ReviewBook>().Agreement();
            if (context.WantsJson)
            {
                context.WriteJson(agreement);
                return Task.FromResult(ExitStatus.Done);
            }
            Print("everything", agreement.All);
            Print("whole answers", agreement.WholeAnswers);
            foreach (var (rule, figure) in agreement.ByRule) Print(rule, figure);
            context.Out.WriteLine(string.Join(", ", agreement.Verdicts.Select(v => $"{v.Value} {v.Key.ToString().ToLowerInvariant()}")));
            return Task.FromResult(ExitStatus.Done);

            void Print(string name, Agreement a) => context.Out.WriteLine(a.Alpha is null
                ? $"{name,-14}  no figure yet: two members must have judged the same thing, and not everything alike"
                : string.Format(CultureInfo.InvariantCulture, "{0,-14}  alpha {1:0.00} [{2:0.00}, {3:0.00}] over {4} things judged {5} times", name, a.Alpha, a.Low, a.High, a.Units, a.Ratings));
        });
        return command;
    }
}
