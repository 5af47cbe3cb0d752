using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Briefs;

namespace CoopAI.Orchestration.Settings;

/// <summary>Who runs this service and answers for it.</summary>
/// <param name="Name">The council or network; null: not said yet.</param>
/// <param name="AccountableRole">A role, never a person's name.</param>
/// <param name="Contact">Where people reach that role; null: not said yet.</param>
public sealed record Organisation(string? Name, string AccountableRole, string? Contact);

/// <summary>Who runs the service, as an administrator set it while it runs; before that, as it was configured.</summary>
public sealed class OrganisationBook(SettingsBook settings, AnsweringOptions configured)
{
    public const string Setting = "organisation";

    /// <summary>Longest value, in characters.</summary>
    public const int MaxLength = 200;

    private static readonly AnsweringOptions Unset = new();

    public Organisation Current
    {
        get
        {
            var set = settings.Get(Setting) as JsonObject;
            return new(
                (string?)set?["name"], (string?)set?["accountableRole"] ?? configured.AccountableRole,
                (string?)set?["contact"] ?? (IsPlaceholder(configured.Contact) ? null : configured.Contact));
        }
    }

    /// <summary>Whether a contact is none: what the product ships with, or an address of a domain that exists for examples only.</summary>
    public static bool IsPlaceholder(string contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return contact == Unset.Contact || contact.EndsWith(".example", StringComparison.OrdinalIgnoreCase) || contact.EndsWith("@example.com", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Sets all three.</summary>
    /// <exception cref="BadInputException">A value is missing or too long, nothing changed, or author or reason is missing.</exception>
    public void Change(string name, string accountableRole, string contact, string author, string reason)
    {
        foreach (var (what, value) in ((string, string)[])[("name of the organisation", name), ("accountable role", accountableRole), ("contact", contact)])
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > MaxLength) throw new BadInputException($"The {what} must have 1 to {MaxLength} characters.");
        }

        if (IsPlaceholder(contact.Trim())) throw new BadInputException($"The contact \"{contact.Trim()}\" is an example. Give an address or a telephone number that reaches the accountable role.");
        settings.Change(Setting, new JsonObject { ["name"] = name.Trim(), ["accountableRole"] = accountableRole.Trim(), ["contact"] = contact.Trim() }, author, reason);
    }
}
