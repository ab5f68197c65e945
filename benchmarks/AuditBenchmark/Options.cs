using System.Globalization;
using Directory.Projections;

namespace AuditBenchmark;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Entries">Entries of the audit.</param>
/// <param name="Folder">Where the private database lies; one that is filled already is used as it is.</param>
/// <param name="Repetitions">Of each search.</param>
/// <param name="Output">A file for the figures as JSON.</param>
/// <param name="Keep">Whether the folder stays.</param>
/// <param name="Only">Names of the parts to be run: fill, rebuild, search, export, write, verify.</param>
/// <param name="Projections">What is rebuilt.</param>
public sealed record Options(
    long Entries, string Folder, int Repetitions, string? Output, bool Keep, IReadOnlySet<string> Only, IReadOnlyList<string> Projections)
{
    public const string Usage = """
        AuditBenchmark [--entries N] [--folder FOLDER] [--repetitions N] [--output FILE] [--keep] [--only fill,rebuild,search,export,write,verify]
                       [--projections Audit,Groups,Membership,Users]
        """;

    private static readonly string[] Parts = ["fill", "rebuild", "search", "export", "write", "verify"];

    public static Options? Parse(string[] args)
    {
        var options = new Options(100_000, Path.Combine(Path.GetTempPath(), "audit-benchmark"), 20, null, false, Parts.ToHashSet(), ["Audit", "Groups", "Membership", "Users"]);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--keep":
                    options = options with { Keep = true };
                    continue;
                case "--entries" when long.TryParse(value, CultureInfo.InvariantCulture, out var n) && n >= 10_000:
                    options = options with { Entries = n };
                    break;
                case "--repetitions" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0:
                    options = options with { Repetitions = n };
                    break;
                case "--folder" when value.Length > 0:
                    options = options with { Folder = Path.GetFullPath(value) };
                    break;
                case "--output" when value.Length > 0:
                    options = options with { Output = value };
                    break;
                case "--only" when value.Split(',').All(Parts.Contains):
                    options = options with { Only = value.Split(',').ToHashSet() };
                    break;
                case "--projections" when value.Split(',').All(DirectoryStore.Projections.ContainsKey):
                    options = options with { Projections = value.Split(',') };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
