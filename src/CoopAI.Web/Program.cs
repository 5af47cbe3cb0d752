using System.Globalization;
using CoopAI.Core;
using CoopAI.Web.Hosting;

// The same bytes whatever language the machine is set to.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    var app = CoopWeb.Build(args, CoopServices.DefaultDataDirectory);
    await CoopWeb.StartAsync(app, Console.Out);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is BadInputException or Microsoft.Extensions.Options.OptionsValidationException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (Exception e)
{
    // Nobody expected this one: say what it was, without a page of stack frames.
    Console.Error.WriteLine($"The service cannot start ({e.GetType().Name}): {e.Message} Run \"coopai doctor\"; if it finds nothing, report this line.");
    return 1;
}
