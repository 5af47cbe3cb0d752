using System.Globalization;
using System.Runtime.InteropServices;
using CoopAI.Cli;

// The same bytes whatever language the machine is set to.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl+C ends the work in order; a second one ends the process.
    e.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});
Console.OutputEncoding = System.Text.Encoding.UTF8;
return await CommandLine.RunAsync(args, new CliEnvironment(Console.Out, Console.Error, Console.In), stop.Token);
