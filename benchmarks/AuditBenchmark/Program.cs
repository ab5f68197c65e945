// Fills a private database with a history, rebuilds what is projected from it, and measures the audit over HTTP. Everything it starts is on
// the loopback interface; it stops by itself and removes what it made unless told to keep it.
using System.Diagnostics;
using AuditBenchmark;
using Directory.Api.Hosting;
using Directory.Projections.Provisioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

var figures = new Figures();
var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Directory:DataFolder", options.Folder)]).Build();
try
{
    // The service makes the tables and the first credentials.
    await using (await Service.Start(options.Folder)) { }

    await using var database = await DatabaseResolver.Resolve(configuration, NullLogger.Instance, CancellationToken.None);
    await using var source = NpgsqlDataSource.Create(database.ConnectionString);
    var samples = new Samples(source);
    var there = await samples.Value<long>("select count(*) from (select from mt_events limit 10000) few");
    if (options.Only.Contains("fill"))
    {
        var writer = new EventWriter(source);
        if (there < 10_000)
        {
            var stream = ProvisioningStream.StreamId("default");
            var version = await samples.Value<long>($"select version from mt_streams where id = '{stream}'");
            var company = new Company(options.Entries, DateTimeOffset.UtcNow.AddHours(-1), stream, version);
            figures.Rate("history made", options.Entries / await writer.Fill(company, options.Entries), "events/s");
        }

        await writer.Finish(); // of one that was broken off, too
    }

    options = options with { Entries = await samples.Value<long>("select max(seq_id) from mt_events") };
    figures.Rate("entries", options.Entries, "");
    if (options.Only.Contains("rebuild"))
        foreach (var projection in options.Projections)
        {
            var seconds = await Service.Command(options.Folder, "rebuild", projection.ToLowerInvariant());
            figures.Rate($"rebuild of {projection} from zero, the start of the command included", options.Entries / seconds, "events/s");
        }

    if (options.Only.Overlaps(["search", "export", "write"]))
    {
        await using var service = await Service.Start(options.Folder);
        var load = new LoadFigures(figures, samples, service);
        await load.Sealed();
        await load.Sizes();
        if (options.Only.Contains("search")) await new SearchFigures(options, figures, samples, new Answers(service.Audit)).Measure();
        if (options.Only.Contains("export"))
        {
            var through = Math.Min(options.Entries, 1_000_000);
            var rows = await samples.Value<long>($"select count(*) from audit_entry where seq <= {through}");
            foreach (var form in (string[])["application/x-ndjson", "text/csv"]) await load.Export(form, $"toSequence={through}", rows);
            var filtered = await samples.Value<long>($"select count(*) from audit_entry where seq <= {through} and changes @> '[{{\"path\": \"title\"}}]'");
            await load.Export("application/x-ndjson", $"toSequence={through}&attribute=title", filtered);
        }

        if (options.Only.Contains("write")) await load.Write(TimeSpan.FromSeconds(20));
    }

    if (options.Only.Contains("verify"))
    {
        var watch = Stopwatch.StartNew();
        await Service.Command(options.Folder, "verify");
        figures.Rate("verify, the start of the command included", options.Entries / watch.Elapsed.TotalSeconds, "events/s");
    }

    if (options.Output is { } file) figures.Write(file, options);
    return 0;
}
finally
{
    NpgsqlConnection.ClearAllPools();
    if (!options.Keep && System.IO.Directory.Exists(options.Folder)) System.IO.Directory.Delete(options.Folder, recursive: true);
}
