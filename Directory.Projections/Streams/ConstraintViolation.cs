using Npgsql;

namespace Directory.Projections.Streams;

internal static class ConstraintViolation
{
    /// <summary>Whether a constraint of that name was violated; Marten wraps what the database says.</summary>
    public static bool Violates(this Exception exception, string constraint) =>
        (exception as PostgresException)?.ConstraintName == constraint
        || (exception.InnerException is { } inner && inner.Violates(constraint));
}
