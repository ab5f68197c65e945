using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Projections.Provisioning;
using Directory.Projections.Requests;
using Directory.Projections.Streams;

namespace Directory.Api.Admin.Provisioning;

/// <summary>
/// All that an administrator can do about provisioning. The endpoints below /api/admin and the pages call the same methods; who acts
/// is told by the origin, and every act is an event.
/// </summary>
public sealed class ProvisioningAdministration(
    ProvisioningStream stream, ProvisioningQuery query, RequestJournal journal, ConnectionActivity activity, TimeProvider clock)
{
    private const string NoReason = "no reason given";

    /// <param name="tenant">The directory.</param>
    /// <param name="baseUrl">Where SCIM is reached from outside.</param>
    public async Task<ProvisioningView> Show(string tenant, string baseUrl, CancellationToken cancellation)
    {
        var (status, now) = (await Read(tenant, cancellation), clock.GetUtcNow());
        return new ProvisioningView(
            status.IsOn, status.SwitchedAt, status.SwitchReason, status.PausedAt, status.PauseReason, Consequence(status), status.Settings,
            ConnectorForm.Of(baseUrl), [.. status.Connections.Select(c => ConnectionView.Of(status, c, now))],
            [.. status.Tokens.Where(t => t.ConnectionId is null).Select(t => TokenView.Of(t, now))]);
    }

    /// <exception cref="ScimException">404.</exception>
    public async Task<ConnectionView> ShowConnection(string tenant, Guid id, CancellationToken cancellation)
    {
        var status = await Read(tenant, cancellation);
        return status.Connections.FirstOrDefault(c => c.Id == id) is { } connection
            ? ConnectionView.Of(status, connection, clock.GetUtcNow())
            : throw new ScimException(ScimError.NotFound("connection", id.ToString()));
    }

    public async Task<IReadOnlyList<TokenView>> ShowTokens(string tenant, CancellationToken cancellation)
    {
        var (status, now) = (await Read(tenant, cancellation), clock.GetUtcNow());
        return [.. status.Tokens.Select(t => TokenView.Of(t, now))];
    }

    /// <exception cref="ScimException">400; without a confirmation it says what would happen.</exception>
    public async Task Switch(Origin origin, SwitchRequest request, CancellationToken cancellation)
    {
        new SwitchValidator().Demand(request);
        var status = await query.Read(origin.TenantId, cancellation);
        if (request.Enabled is { } enabled && enabled != status.IsOn && !request.Confirm)
            throw new ScimException(ScimError.InvalidValue($"{Consequence(status)} Send \"confirm\": true if that is meant."));
        var reason = request.Reason ?? NoReason;
        var commands = new List<ProvisioningCommand>();
        if (request.Enabled is { } on) commands.Add(on ? new SwitchOn(reason) : new SwitchOff(reason));
        if (request.Paused is { } paused) commands.Add(paused ? new PauseProvisioning(reason) : new ResumeProvisioning(reason));
        if (request.TokenDays is not null || request.SilentHours is not null)
            commands.Add(new ChangeSettings(new ProvisioningSettings(
                request.TokenDays ?? status.Settings.TokenDays, request.SilentHours ?? status.Settings.SilentHours)));
        await stream.Do(origin, commands, cancellation);
    }

    /// <returns>The id of the new connection.</returns>
    /// <exception cref="ScimException">400, 409 when the name is taken.</exception>
    public async Task<Guid> Connect(Origin origin, ConnectionRequest request, CancellationToken cancellation)
    {
        new ConnectionValidator().Demand(request);
        var id = Guid.CreateVersion7();
        await stream.Do(origin, [new CreateConnection(id, request.Name!, (request.Brake ?? new BrakeRequest()).Brake)], cancellation);
        return id;
    }

    /// <exception cref="ScimException">400, 404, 409 when the name is taken.</exception>
    public Task Rename(Origin origin, Guid id, ConnectionRequest request, CancellationToken cancellation)
    {
        new ConnectionValidator().Demand(request);
        if (request.Brake is not null) throw new ScimException(ScimError.InvalidValue("The brake of a connection has an endpoint of its own."));
        return stream.Do(origin, [new RenameConnection(id, request.Name!)], cancellation);
    }

    /// <summary>Its tokens are revoked with it; what it provisioned stays as it is.</summary>
    /// <exception cref="ScimException">404.</exception>
    public Task Remove(Origin origin, Guid id, CancellationToken cancellation) => stream.Do(origin, [new RemoveConnection(id)], cancellation);

    /// <exception cref="ScimException">400, 404.</exception>
    public Task Pause(Origin origin, Guid id, PauseRequest request, CancellationToken cancellation) =>
        stream.Do(origin, [new PauseConnection(id, new PauseValidator().Demand(request).Reason ?? NoReason)], cancellation);

    /// <summary>The count of its brake starts anew.</summary>
    /// <exception cref="ScimException">400, 404.</exception>
    public Task Resume(Origin origin, Guid id, PauseRequest request, CancellationToken cancellation) =>
        stream.Do(origin, [new ResumeConnection(id, new PauseValidator().Demand(request).Reason ?? NoReason)], cancellation);

    /// <exception cref="ScimException">400, 404.</exception>
    public Task SetBrake(Origin origin, Guid id, BrakeRequest request, CancellationToken cancellation) =>
        stream.Do(origin, [new ConfigureBrake(id, new BrakeValidator().Demand(request).Brake)], cancellation);

    /// <exception cref="ScimException">400, 404 for an unknown connection.</exception>
    public async Task<NewTokenView> Issue(Origin origin, TokenRequest request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        new TokenValidator(now).Demand(request);
        var settings = (await query.Read(origin.TenantId, cancellation)).Settings;
        var expires = request.ExpiresAt ?? now.AddDays(request.ExpiresInDays ?? settings.TokenDays);
        var value = BearerToken.New(request.Kind!);
        var issued = await stream.Issue(
            origin,
            new IssueToken(
                Guid.CreateVersion7(), TokenRole.OfKind(request.Kind!), request.ConnectionId, request.Name, BearerToken.Prefix(value),
                request.NotBefore?.ToUniversalTime(), expires.ToUniversalTime()),
            value, cancellation);
        var status = new TokenStatus(
            issued.TokenId, request.Kind!, issued.ConnectionId, issued.Name, issued.Prefix, now, issued.NotBefore, issued.ExpiresAt, null, null, null);
        return new NewTokenView(value, TokenView.Of(status, now));
    }

    /// <summary>It is refused from here on, on every node.</summary>
    /// <exception cref="ScimException">404.</exception>
    public async Task Revoke(Origin origin, Guid id, PauseRequest request, CancellationToken cancellation)
    {
        new PauseValidator().Demand(request);
        if (!(await query.Read(origin.TenantId, cancellation)).Tokens.Any(t => t.Id == id))
            throw new ScimException(ScimError.NotFound("token", id.ToString()));
        await stream.Do(origin, [new RevokeToken(id, request.Reason)], cancellation);
    }

    private async Task<ProvisioningStatus> Read(string tenant, CancellationToken cancellation)
    {
        await journal.Flush(cancellation);
        await activity.Write(cancellation);
        return await query.Read(tenant, cancellation);
    }

    private static string Consequence(ProvisioningStatus status) => status.IsOn
        ? $"Switching provisioning off: SCIM answers 404 from then on, to {Many(status.Connections.Count)}, and your identity provider reports errors. "
            + "What was provisioned stays as it is, active users stay active, and nobody who leaves is deactivated any more. Tokens stay valid for later."
        : $"Switching provisioning on: with a valid token {Many(status.Connections.Count)} can create, change, deactivate and delete users and groups from then on.";

    private static string Many(int connections) => connections switch
    {
        0 => "every connection that will be set up",
        1 => "the one connection there is",
        _ => $"each of the {connections} connections",
    };
}
