using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Directory.Projections.Streams;

/// <summary>
/// The lock that whoever takes a name holds until the end of its transaction. A deferred constraint is checked at the commit, where two
/// that took the same name would each wait for the other until the database breaks the deadlock. So who takes a name waits for others
/// who take it, and then is told that it is taken.
/// </summary>
internal static class NameTurn
{
    /// <summary>In a where clause before anything is written: true, once it is this transaction's turn.</summary>
    public const string Take = "pg_advisory_xact_lock(^) is not null";

    /// <summary>The number to lock; two names may share one, and then wait for one another without need.</summary>
    public static long Of(string table, string tenant, string key) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{table}/{tenant}/{key}")));
}
