using Directory.Api.Audit;
using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Projections.Replay;
using Microsoft.AspNetCore.Components;

namespace Directory.Api.Pages.Resources;

/// <summary>A page about one user or group: both have the same history and the same addresses.</summary>
public abstract class ResourcePage : LoadedPage
{
    [Inject] public required Replay Replay { get; set; }

    /// <summary>The id in the address.</summary>
    [Parameter] public required string Id { get; set; }

    protected ResourceType Type => Context.Request.Path.StartsWithSegments("/users", StringComparison.OrdinalIgnoreCase) ? Replay.Users : Replay.Groups;

    protected bool IsUser => Type == Replay.Users;

    protected string Tenant => Context.Tenant();

    protected CancellationToken Gone => Context.RequestAborted;

    protected bool MayAdminister => Context.User.IsInRole("admin");

    /// <summary>The present, even of what is deleted.</summary>
    protected PastPlace Now { get; private set; } = null!;

    protected Guid ResourceId { get; private set; }

    protected string Name => NameOf(Now.Resource);

    /// <summary>Such as <c>/users/018f…</c>.</summary>
    protected string Address => $"/{(IsUser ? "users" : "groups")}/{ResourceId}";

    protected sealed override async Task Prepare()
    {
        ResourceId = ReplayParameters.Id(Type, Id);
        Now = await Replay.Look(Type, Tenant, ResourceId, await Replay.AsOf(Type, Tenant, ResourceId, Replay.Now, Gone), Gone);
        await Load();
    }

    /// <summary>What the page needs beside the present.</summary>
    /// <exception cref="ScimException">404, or 400 for an address that makes no sense.</exception>
    protected virtual Task Load() => Task.CompletedTask;

    protected static string NameOf(PastResource resource) =>
        ((string?)resource.Attributes["userName"] ?? (string?)resource.Attributes["displayName"]) is { Length: > 0 } name ? name : resource.Id.ToString();

    /// <summary>A parameter of the address, null where it is empty.</summary>
    protected string? Given(string name) => Context.Text(name);
}
