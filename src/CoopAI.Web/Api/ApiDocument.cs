using CoopAI.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CoopAI.Web.Api;

/// <summary>The description of the interface at <c>/openapi/v1.json</c>: one schema for each type, and every status that an operation can answer with.</summary>
internal static class ApiDocument
{
    private const string ProblemType = "application/problem+json";

    // What any request can end with, whatever it asks for; 401 and 403 only where somebody has to sign in.
    private static readonly (int Status, string Says)[] Always =
    [
        (StatusCodes.Status400BadRequest, "The request cannot be used; the detail names the field and what would be right."),
        (StatusCodes.Status401Unauthorized, "Sign in first."),
        (StatusCodes.Status403Forbidden, "Your role may not do this."),
        (StatusCodes.Status429TooManyRequests, "Too many requests, or too much work at once. Retry-After says when to come back."),
        (StatusCodes.Status500InternalServerError, "Something went wrong on the service’s side."),
        (StatusCodes.Status503ServiceUnavailable, "A needed part is away, or answering is switched off."),
        (StatusCodes.Status504GatewayTimeout, "It took too long and was stopped."),
    ];

    private static readonly (int Status, string Says)[] WithBody =
    [
        (StatusCodes.Status413PayloadTooLarge, "The body is larger than 1 MiB."),
        (StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json."),
    ];

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        // A request that leaves out what has no default, or that names a field nobody knows, is refused rather than filled in.
        services.ConfigureHttpJsonOptions(json =>
        {
            CoopJson.Configure(json.SerializerOptions);
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        });
        return services.AddOpenApi(options =>
        {
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } id ? Owner(type.Type) + id : null;
            options.AddSchemaTransformer((schema, context, _) =>
            {
                // Problems carry more than their five fields: requestId, and errors by field.
                if (context.JsonTypeInfo.Type.IsAssignableTo(typeof(ProblemDetails))) (schema.AdditionalPropertiesAllowed, schema.AdditionalProperties) = (true, null);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(async (operation, context, ct) =>
            {
                var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, ct);
                operation.Responses ??= [];
                var anonymous = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
                foreach (var (status, says) in Always.Where(s => !(anonymous && s.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)).Concat(operation.RequestBody is null ? [] : WithBody))
                {
                    operation.Responses.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse
                    {
                        Description = says,
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [ProblemType] = new() { Schema = problem } },
                    });
                }
            });
        });
    }

    // Slices name their types alike: PostAnswer.Request becomes PostAnswerRequest.
    private static string Owner(Type type) => type.DeclaringType is { } owner ? Owner(owner) + owner.Name : "";
}
