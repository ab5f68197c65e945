using System.Globalization;

namespace Directory.Api.Hosting.Commands;

/// <summary>What was written behind <c>verify</c>.</summary>
/// <param name="Keys">Files with public keys in PEM.</param>
public sealed record VerifyArguments(long? From, long? To, string? Checkpoint, IReadOnlyList<string> Keys, bool Json)
{
    public const string Usage = """
        verify [--from N] [--to N] [--checkpoint FILE] [--key FILE] [--json]
          --from, --to       sequence numbers; blocks are verified as a whole
          --checkpoint FILE  checkpoints kept outside the database (default: the service's own file, if it is there)
          --key FILE         a public key in PEM that may have signed; may be repeated (default: the service's own key file)
          --json             one JSON object instead of text
        Exit code: 0 nothing was altered, 1 something was, 2 it cannot be verified.
        """;

    /// <returns>Null when the arguments cannot be understood.</returns>
    public static VerifyArguments? Parse(IReadOnlyList<string> args)
    {
        var parsed = new VerifyArguments(null, null, null, [], false);
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--json":
                    parsed = parsed with { Json = true };
                    continue;
                case "--from" when Number(value) is { } from:
                    parsed = parsed with { From = from };
                    break;
                case "--to" when Number(value) is { } to:
                    parsed = parsed with { To = to };
                    break;
                case "--checkpoint" when value is not null:
                    parsed = parsed with { Checkpoint = value };
                    break;
                case "--key" when value is not null:
                    parsed = parsed with { Keys = [.. parsed.Keys, value] };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return parsed;
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
