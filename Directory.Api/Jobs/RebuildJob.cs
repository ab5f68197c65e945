using System.Text.Json.Nodes;
using Directory.Domain.Scim;
using Directory.Projections;
using Directory.Projections.Rebuilding;

namespace Directory.Api.Jobs;

/// <summary>
/// Makes the tables of a projection anew from the events, all of them one after the other if the input names none. What is served meanwhile
/// is the old tables: docs/decisions/0045-rebuilds.md.
/// </summary>
public sealed class RebuildJob(ProjectionRebuild rebuild) : IJobKind
{
    public const string Kind = "rebuild";

    public string Name => Kind;

    /// <summary>What the job takes as its input.</summary>
    /// <param name="projection">A key of <see cref="DirectoryStore.Projections"/>, null for all.</param>
    /// <exception cref="ScimException">400: there is no such projection.</exception>
    public static JsonObject Input(string? projection) => projection is null ? []
        : DirectoryStore.Projections.ContainsKey(projection) ? new JsonObject { ["projection"] = projection }
        : throw new ScimException(ScimError.InvalidValue($"'projection' must be one of {string.Join(", ", DirectoryStore.Projections.Keys)}."));

    public async Task<JsonNode?> Run(JobRun run, CancellationToken cancellation)
    {
        var events = new JsonObject();
        var named = (string?)run.Job.Input["projection"];
        try
        {
            foreach (var projection in named is null ? DirectoryStore.Projections.Keys : [named])
                events[projection] = await rebuild.Run(projection, new Told(run), cancellation);
        }
        catch (RebuildRunningException e)
        {
            throw new ScimException(ScimError.Conflict(e.Message));
        }

        return new JsonObject { ["events"] = events };
    }

    private sealed class Told(JobRun run) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) =>
            run.Report($"{value.Projection}: {value.Stage.ToString().ToLowerInvariant()}", value.Stage == RebuildStage.Done ? value.Last : value.Through, value.Last);
    }
}
