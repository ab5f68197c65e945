namespace Directory.Api.Hosting.Commands;

/// <summary>What the program does instead of serving, when its first argument names it.</summary>
public static class Commands
{
    /// <returns>The exit code; null when the arguments name no command, and the service is to be started.</returns>
    public static async Task<int?> Run(string[] args) => args switch
    {
        [HealthProbe.Switch, ..] => await HealthProbe.Run(CancellationToken.None),
        [VerifyCommand.Name, .. var rest] => await VerifyCommand.Run(
            rest, WebApplication.CreateBuilder().Configuration, Console.Out, Console.Error, CancellationToken.None),
        [RebuildCommand.Name, .. var rest] => await RebuildCommand.Run(
            rest, WebApplication.CreateBuilder().Configuration, Console.Out, Console.Error, CancellationToken.None),
        _ => null,
    };
}
