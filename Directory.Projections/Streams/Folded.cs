using System.Runtime.CompilerServices;
using Marten;

namespace Directory.Projections.Streams;

/// <summary>
/// The states of the streams that one session has to do with. The write side leaves here what it loaded to decide on, so that the
/// inline projections need not load it again, and finds here what they made of it, so that the answer to the client is exactly what
/// was stored.
/// </summary>
internal sealed class Folded
{
    private static readonly ConditionalWeakTable<IDocumentOperations, Folded> Sessions = [];

    /// <summary>
    /// Whether who takes a name waits for others who take it (see UserRows). The database has room for so many locks only; a session that
    /// takes very many names does without, and may be the one that is refused at the commit.
    /// </summary>
    public bool WaitsForNames { get; set; } = true;

    private readonly Dictionary<(string Tenant, Guid Stream), object> _states = [];

    public static Folded Of(IDocumentOperations session) => Sessions.GetOrCreateValue(session);

    public T? Get<T>(string tenant, Guid stream) where T : class => _states.GetValueOrDefault((tenant, stream)) as T;

    public void Set(string tenant, Guid stream, object state) => _states[(tenant, stream)] = state;
}
