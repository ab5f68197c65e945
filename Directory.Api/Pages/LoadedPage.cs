using Microsoft.AspNetCore.Components;

namespace Directory.Api.Pages;

/// <summary>A page that is rendered once, when what it shows is there; a component as such is first rendered while it still waits.</summary>
public abstract class LoadedPage : ComponentBase
{
    [CascadingParameter] public required HttpContext Context { get; set; }

    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Prepare();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>The status of a page that says why something was refused; the framework sends no page with 404.</summary>
    protected static int Status(Domain.Scim.ScimException refusal) =>
        refusal.Error.Status == StatusCodes.Status404NotFound ? StatusCodes.Status400BadRequest : refusal.Error.Status;

    /// <summary>Gets what the page shows.</summary>
    /// <exception cref="Domain.Scim.ScimException">There is no such page: the answer is the refusal.</exception>
    protected abstract Task Prepare();
}
