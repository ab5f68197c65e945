using System.Globalization;

namespace AuditBenchmark;

/// <summary>A SCIM client of the company.</summary>
public sealed class Client(Guid id, string name, string agent, int addresses, Random random)
{
    public Guid Id => id;
    public string Name => name;
    public string Agent => agent;
    public Guid Token { get; set; }
    public string Prefix { get; set; } = "";
    public string[] Addresses { get; } = [.. Enumerable.Range(0, addresses).Select(_ => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{random.Next(256)}"))];
}
