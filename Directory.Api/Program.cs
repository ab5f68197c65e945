using Directory.Api.Hosting;
using Directory.Api.Hosting.Commands;
using Directory.Projections.Streams;
using Npgsql;

try
{
    if (await Commands.Run(args) is { } exitCode) return exitCode;

    var builder = WebApplication.CreateBuilder(args);
    using var startup = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
    var settings = DirectorySettings.Read(builder.Configuration);

    await using var database = await DatabaseResolver.Resolve(builder.Configuration, startup.CreateLogger<Program>(), CancellationToken.None);
    await using var source = NpgsqlDataSource.Create(database.ConnectionString);
    using var clock = await DirectoryClock.Start(source, CancellationToken.None);

    builder.AddDirectory(settings, source, clock);
    await using var app = builder.Build();
    await app.Prepare(database.IsPrivate, CancellationToken.None);
    app.UseDirectory();
    app.AnnounceWhenReady(database);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is SettingException or DatabaseUnavailableException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

public partial class Program;
