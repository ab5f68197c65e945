using Directory.Domain;
using Directory.Domain.Groups;
using Directory.Domain.Provisioning;
using Directory.Domain.Scim;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Groups;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using Npgsql;
using NpgsqlTypes;

namespace Directory.Projections.Adoption;

/// <summary>What administrators decide about connections that take over local users and groups.</summary>
public sealed class AdoptionStream(DirectoryWriter writer, NpgsqlDataSource database, ResourceType users, ResourceType groups, TimeProvider clock)
{
    private const string Columns = """
        a.id, a.resource_type, a.resource_id, coalesce(u.user_name, g.display_name), a.connection_id, a.connection, a.reason, a.answer,
        a.request_id, a.first_asked, a.last_asked, a.times, a.answered_at, a.answered_by
        """;

    private const string From = """
        from adoption_request a
        left join scim_user u on u.tenant_id = a.tenant_id and u.id = a.resource_id
        left join scim_group g on g.tenant_id = a.tenant_id and g.id = a.resource_id
        """;

    /// <summary>Whether an administrator must consent before a connection takes over a local user or group.</summary>
    public async Task<bool> IsConsentRequired(string tenant, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await Setting(connection, tenant, cancellation)).IsRequired;
    }

    /// <summary>Sets whether an administrator must consent; what is so already stays, without an event.</summary>
    /// <returns>Whether anything changed.</returns>
    public Task<bool> RequireConsent(Origin origin, bool required, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var (isRequired, version) = await Setting(transaction.Connection, transaction.Tenant, cancellation);
            if (isRequired == required) return false;
            transaction.Session.Events.Append(
                CustodyRules.StreamId(transaction.Tenant), version + 1, required ? new AdoptionConsentRequired() : new AdoptionConsentWaived());
            await transaction.Commit(cancellation);
            return true;
        }, cancellation);

    /// <summary>Those who asked, newest first.</summary>
    /// <param name="answer">Only with this answer, null for all.</param>
    public async Task<IReadOnlyList<AdoptionRequest>> Requests(string tenant, string? answer, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select {Columns} {From} where a.tenant_id = $1 and ($2::text is null or a.answer = $2) order by a.last_asked desc, a.id limit $3");
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Text, answer);
        Add(command, NpgsqlDbType.Integer, count);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var requests = new List<AdoptionRequest>();
        while (await row.ReadAsync(cancellation)) requests.Add(Read(row));
        return requests;
    }

    /// <summary>Answers a connection; it is told by its next request.</summary>
    /// <exception cref="ScimException">404: nobody asks, or the resource is gone. 409: it is managed by now.</exception>
    public Task<AdoptionRequest> Answer(Origin origin, Guid request, bool consent, SentRequest sent, CancellationToken cancellation) =>
        writer.Write(origin, async transaction =>
        {
            var asked = await Find(transaction, request, cancellation) ?? throw new ScimException(ScimError.NotFound("adoption", request.ToString()));
            if (asked.ResourceType == Member.User) await AnswerUser(transaction, asked, consent, sent, cancellation);
            else await AnswerGroup(transaction, asked, consent, sent, cancellation);
            var answered = asked with
            {
                Answer = consent ? AdoptionRequest.Consented : AdoptionRequest.Declined,
                AnsweredAt = clock.GetUtcNow(),
                AnsweredBy = origin.Actor.Name,
            };
            transaction.Session.QueueOperation(new SqlOperation(
                "update adoption_request set answer = ^, answered_at = ^, answered_by = ^ where id = ^",
                (answered.Answer, NpgsqlDbType.Text), (answered.AnsweredAt, NpgsqlDbType.TimestampTz), (answered.AnsweredBy, NpgsqlDbType.Text),
                (request, NpgsqlDbType.Uuid)));
            await transaction.Commit(cancellation);
            return answered;
        }, cancellation);

    private async Task AnswerUser(WriteTransaction transaction, AdoptionRequest asked, bool consent, SentRequest sent, CancellationToken cancellation)
    {
        var user = await UserStream.Load(transaction, asked.ResourceId, cancellation)
            ?? throw new ScimException(ScimError.NotFound(users.Name, asked.ResourceId.ToString()));
        var events = UserDecider.Decide(users, user, new AnswerUserAdoption(asked.ConnectionId, consent, sent));
        transaction.Folded.Set(transaction.Tenant, user.Id, user);
        transaction.Session.Events.Append(user.Id, user.Meta.StreamVersion + events.Count, events);
    }

    private async Task AnswerGroup(WriteTransaction transaction, AdoptionRequest asked, bool consent, SentRequest sent, CancellationToken cancellation)
    {
        var command = new AnswerGroupAdoption(asked.ConnectionId, consent, sent);
        var (group, facts) = await GroupLoader.Load(transaction, asked.ResourceId, MembershipQuestions.Of(command), cancellation);
        if (group is null) throw new ScimException(ScimError.NotFound(groups.Name, asked.ResourceId.ToString()));
        var events = GroupDecider.Decide(groups, group, command, facts);
        transaction.Folded.Set(transaction.Tenant, group.Id, group);
        transaction.Session.Events.Append(group.Id, group.Meta.StreamVersion + events.Count, events);
    }

    private static async Task<AdoptionRequest?> Find(WriteTransaction transaction, Guid request, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {Columns} {From} where a.tenant_id = $1 and a.id = $2 for update of a", transaction.Connection);
        Add(command, NpgsqlDbType.Text, transaction.Tenant);
        Add(command, NpgsqlDbType.Uuid, request);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    private static async Task<(bool IsRequired, long Version)> Setting(NpgsqlConnection connection, string tenant, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select type, version from mt_events where tenant_id = $1 and stream_id = $2 order by version desc limit 1", connection);
        Add(command, NpgsqlDbType.Text, tenant);
        Add(command, NpgsqlDbType.Uuid, CustodyRules.StreamId(tenant));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? (row.GetString(0) == DirectoryStore.EventNames[typeof(AdoptionConsentRequired)], row.GetInt64(1))
            : (false, 0);
    }

    private static AdoptionRequest Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5),
        row.GetString(6), row.GetString(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10),
        row.GetInt64(11), row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetString(13));

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
}
