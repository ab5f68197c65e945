using Directory.Api.Protocol;
using Directory.Domain.Scim;
using Microsoft.AspNetCore.Components;

namespace Directory.Api.Pages.Administration;

/// <summary>A page with forms that do something: a refusal is shown on the page, and success leads on.</summary>
public abstract class AdministrationPage : ComponentBase
{
    [CascadingParameter] public required HttpContext Context { get; set; }

    /// <summary>What was done before this page was shown, such as <c>paused</c>.</summary>
    [SupplyParameterFromQuery(Name = "done")] public string? Done { get; set; }

    /// <summary>What is asked about, see ConfirmDialog.</summary>
    [SupplyParameterFromQuery(Name = "confirm")] public string? Confirm { get; set; }

    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>Why the last form was refused, null if it was not.</summary>
    protected string? Refusal { get; private set; }

    protected string Tenant => Context.Tenant();

    protected CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Does what a form asks for, then shows the page anew, so that a reload does nothing again.</summary>
    /// <param name="act">Throws <see cref="ScimException"/> for what is refused.</param>
    /// <param name="next">The address to go on to.</param>
    protected async Task Do(Func<Task> act, string next)
    {
        if (await Try(act)) Navigation.NavigateTo(next);
    }

    /// <returns>Whether it was done.</returns>
    protected async Task<bool> Try(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (ScimException refused)
        {
            Refusal = refused.Error.Detail;
            Context.Response.StatusCode = refused.Error.Status;
            return false;
        }
    }

    /// <summary>A field that was left empty says nothing.</summary>
    protected static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
