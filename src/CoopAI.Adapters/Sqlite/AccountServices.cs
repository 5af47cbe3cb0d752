using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The accounts' part of the composition: Identity's manager over our store, one for the whole process, since neither keeps anything between calls.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services.AddSingleton(provider =>
        Create(provider.GetRequiredService<CoopDatabase>(), provider.GetRequiredService<SqliteLedger>(), provider.GetRequiredService<TimeProvider>(), provider));

    internal static AccountBook Create(CoopDatabase database, SqliteLedger ledger, TimeProvider clock, IServiceProvider services)
    {
        var store = new AccountStore(database, ledger, clock);
        var (names, passwords, options) = (new AccountNames(store), new AccountPasswords(), new IdentityOptions());
        var users = new UserManager<Account>(
            store, Options.Create(options), passwords, [names], [passwords], names, new IdentityErrorDescriber(), services,
            services.GetService<ILogger<UserManager<Account>>>() ?? Microsoft.Extensions.Logging.Abstractions.NullLogger<UserManager<Account>>.Instance);
        users.RegisterTokenProvider(TokenOptions.DefaultAuthenticatorProvider, new AuthenticatorTokenProvider<Account>());
        return new AccountBook(users, store, passwords, clock);
    }
}
