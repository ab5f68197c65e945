using System.Data.Common;
using Marten.Internal.Operations;
using Marten.Services;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Storage;

namespace Directory.Projections.Streams;

/// <summary>
/// One SQL statement in the batch that also appends the events. Marten's own QueueSqlCommand guesses the type of a value and has none
/// for null; here each value states its type, so that the statement can stay prepared. A parameter is written <c>^</c>.
/// </summary>
internal sealed class SqlOperation(string sql, params (object? Value, NpgsqlDbType Type)[] values) : Marten.Internal.Operations.IStorageOperation, NoDataReturnedCall
{
    // As Marten does for SQL of its user: a type that needs no table.
    public Type DocumentType => typeof(StorageFeatures);

    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        var parameters = builder.AppendWithParameters(sql, '^');
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i].NpgsqlDbType = values[i].Type;
            parameters[i].Value = values[i].Value ?? DBNull.Value;
        }
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    public OperationRole Role() => OperationRole.Other;
}
