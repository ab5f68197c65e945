using System.Diagnostics;
using System.Globalization;
using Directory.Projections;
using Directory.Projections.Audit;
using Directory.Projections.Rebuilding;
using Npgsql;

namespace Directory.Api.Hosting.Commands;

/// <summary>
/// <c>rebuild</c>: makes the tables of the projections anew from the events. The service may run meanwhile; see docs/data-model.md.
/// </summary>
public static class RebuildCommand
{
    public const string Name = "rebuild";

    private const int Ok = 0, Failed = 1, Misunderstood = 2;

    private static string Usage => $"""
        rebuild [{string.Join('|', DirectoryStore.Projections.Keys.Select(name => name.ToLowerInvariant()))}|all]
          Makes the tables of a projection anew from the events; all of them, one after the other, if none is named.
          The service may run meanwhile: what it writes is in the new tables too, and it waits for a moment when they take the place of the old ones.
        Exit code: 0 done, 1 broken off and the projection as it was, 2 not understood.
        """;

    /// <returns>0 done, 1 failed, 2 not understood.</returns>
    public static async Task<int> Run(
        IReadOnlyList<string> args, IConfiguration configuration, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (Projections(args) is not { } projections)
        {
            await errors.WriteLineAsync(Usage);
            return Misunderstood;
        }

        try
        {
            await using var database = await CommandDatabase.Open(Name, configuration, cancellation);
            using var sequence = new StableSequence(database.Source);
            var rebuild = new ProjectionRebuild(database.Store, database.Source, sequence, database.Schemas.User, database.Schemas.Group);
            foreach (var projection in projections) await Run(rebuild, projection, output, cancellation);
            return Ok;
        }
        catch (Exception e) when (e is NpgsqlException or DatabaseUnavailableException or SettingException or InvalidOperationException)
        {
            await errors.WriteLineAsync($"Broken off, and the tables of this projection are as they were: {e.Message}");
            return Failed;
        }
    }

    private static async Task Run(ProjectionRebuild rebuild, string projection, TextWriter output, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var events = await rebuild.Run(projection, new ProgressLines(output), cancellation);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{projection}: made anew from {events} events in {watch.Elapsed.TotalSeconds:0.0} s, {events / watch.Elapsed.TotalSeconds:0} a second."));
    }

    private static IReadOnlyList<string>? Projections(IReadOnlyList<string> args) => args switch
    {
        [] or ["all"] => [.. DirectoryStore.Projections.Keys],
        [var one] when DirectoryStore.Projections.Keys.FirstOrDefault(name => name.ToLowerInvariant() == one) is { } name => [name],
        _ => null,
    };

    /// <summary>A line every few seconds, and one for each stage.</summary>
    private sealed class ProgressLines(TextWriter output) : IProgress<RebuildProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

        private readonly Stopwatch _since = Stopwatch.StartNew();
        private RebuildStage _stage;

        public void Report(RebuildProgress value)
        {
            if (value.Stage == _stage && _since.Elapsed < Interval) return;
            _stage = value.Stage;
            _since.Restart();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{value.Projection}: {value.Stage.ToString().ToLowerInvariant()}, {value.Events} events read, through {value.Through} of {value.Last}"));
        }
    }
}
