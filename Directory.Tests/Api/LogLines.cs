using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Directory.Tests.Api;

/// <summary>Keeps every line that the service logs, as it would be printed.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> All => [.. lines];

    public IReadOnlyCollection<string> Errors => [.. lines.Where(line => line.StartsWith(nameof(LogLevel.Error), StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
