using Directory.Domain.Groups;
using Directory.Domain.Scim.Schema;
using Directory.Domain.Users;
using Directory.Projections.Groups;
using Directory.Projections.Streams;
using Directory.Projections.Users;
using JasperFx.Events;
using NpgsqlTypes;

namespace Directory.Projections.Rebuilding;

/// <summary>How users, or groups, are folded from their events and stored.</summary>
/// <param name="Prefix">The storage names of their events begin with it.</param>
/// <param name="Table">Of those that live.</param>
/// <param name="DeletedTable">Of those that were deleted.</param>
/// <param name="Columns">Of <paramref name="Table"/>.</param>
/// <param name="Evolve">The state after an event.</param>
/// <param name="Live">The row of one that lives, else null.</param>
/// <param name="Deleted">The row of one that was deleted, else null.</param>
internal sealed record ResourceKind<TState>(
    string Prefix, string Table, string DeletedTable, string Columns, Func<TState?, IEvent, TState?> Evolve,
    Func<string, TState, (object? Value, NpgsqlDbType Type)[]?> Live, Func<string, TState, (object? Value, NpgsqlDbType Type)[]?> Deleted)
    where TState : class;

internal static class ResourceKinds
{
    public static ResourceKind<User> Users(ResourceType type) => new(
        "user_", "scim_user", DeletedRows.Users, UserRows.Columns,
        (user, e) => e.Data is IUserEvent data ? User.Evolve(type, user, e.StreamId, data, Origin.StampOf(e)) : user,
        (tenant, user) => user.IsDeleted ? null : UserRows.Values(type, tenant, user),
        (tenant, user) => user.IsDeleted && !user.IsErased ? UserRows.DeletedValues(type, tenant, user) : null);

    public static ResourceKind<Group> Groups(ResourceType type) => new(
        "group_", "scim_group", DeletedRows.Groups, GroupRows.Columns,
        (group, e) => e.Data is IGroupEvent data ? Group.Evolve(type, group, e.StreamId, data, Origin.StampOf(e)) : group,
        (tenant, group) => group.IsDeleted ? null : GroupRows.Values(type, tenant, group),
        (tenant, group) => group.IsDeleted ? GroupRows.DeletedValues(type, tenant, group) : null);
}
