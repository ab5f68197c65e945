using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuditBenchmark;

/// <summary>What was measured, as a table on the console and as JSON.</summary>
public sealed class Figures
{
    private readonly JsonArray _times = [];
    private readonly JsonObject _rates = [];

    /// <summary>Milliseconds of the first call and of the others.</summary>
    /// <param name="aim">Milliseconds.</param>
    /// <param name="values">One for each call, so that no call repeats the one before it.</param>
    public async Task Time<T>(string what, double aim, IReadOnlyList<T> values, int repetitions, Func<T, Task> call)
    {
        var times = new List<double>();
        for (var i = 0; i <= repetitions; i++)
        {
            var watch = Stopwatch.StartNew();
            await call(values[i % values.Count]);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var (first, rest) = (times[0], times[1..].Order().ToList());
        var (p50, p95) = (rest[rest.Count / 2], rest[Math.Min(rest.Count - 1, (int)(rest.Count * 0.95))]);
        Console.WriteLine($"{what,-62} {first,9:N1} {p50,9:N1} {p95,9:N1} {(p95 <= aim ? "" : $"above {aim:N0}")}");
        _times.Add(new JsonObject { ["what"] = what, ["firstMs"] = Round(first), ["p50Ms"] = Round(p50), ["p95Ms"] = Round(p95), ["aimMs"] = aim, ["repetitions"] = repetitions });
    }

    public void Rate(string what, double value, string unit)
    {
        Console.WriteLine($"{what,-62} {value,12:N1} {unit}");
        _rates[what] = new JsonObject { ["value"] = Round(value), ["unit"] = unit };
    }

    public static void Head() => Console.WriteLine($"\n{"milliseconds",-62} {"first",9} {"p50",9} {"p95",9}");

    public void Write(string file, Options options) => File.WriteAllText(file, new JsonObject
    {
        ["time"] = DateTimeOffset.UtcNow.ToString("O"),
        ["entries"] = options.Entries,
        ["processors"] = Environment.ProcessorCount,
        ["memoryMiB"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576,
        ["rates"] = _rates,
        ["times"] = _times,
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    private static double Round(double value) => Math.Round(value, 2);
}
