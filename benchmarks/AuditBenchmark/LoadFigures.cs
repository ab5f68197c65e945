using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace AuditBenchmark;

/// <summary>Exports, writes with what follows them, and the sizes of the tables.</summary>
public sealed class LoadFigures(Figures figures, Samples samples, Service service)
{
    /// <summary>An export of at most a million entries: rows a second, and the memory of the service while it goes.</summary>
    public async Task Export(string form, string query, long rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/audit/entries?{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(form));
        var (before, most, watch) = (service.Memory, 0.0, Stopwatch.StartNew());
        using var response = await service.Audit.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var (buffer, bytes, last, asked) = (new byte[1 << 16], 0L, new MemoryStream(), Stopwatch.StartNew());
        for (int read; (read = await body.ReadAsync(buffer)) > 0; bytes += read)
        {
            if (last.Length > 1 << 20) last.SetLength(0);
            last.Write(buffer, 0, read);
            if (asked.ElapsedMilliseconds < 100) continue;
            most = Math.Max(most, service.Memory);
            asked.Restart();
        }

        var end = Encoding.UTF8.GetString(last.ToArray());
        var closing = end[Math.Max(0, end.LastIndexOf("closing", StringComparison.Ordinal))..]; // in CSV a field of it has lines of its own
        if (!closing.Contains(form.EndsWith("csv", StringComparison.Ordinal) ? $",rows={rows}," : $"\"rows\":{rows},", StringComparison.Ordinal) || !closing.Contains(form.EndsWith("csv", StringComparison.Ordinal) ? "complete=true" : "\"complete\":true", StringComparison.Ordinal))
            throw new InvalidOperationException($"{form} {query}: {rows} rows are there, and the export closes with {closing}");
        var name = $"export {form[(form.LastIndexOf('/') + 1)..]}, {rows:N0} rows{(query.Length > 0 && !query.StartsWith("toSequence", StringComparison.Ordinal) ? $", {query.Split('&')[^1]}" : "")}";
        figures.Rate(name, rows / watch.Elapsed.TotalSeconds, "rows/s");
        figures.Rate($"{name}: bytes of a row", (double)bytes / rows, "bytes");
        figures.Rate($"{name}: memory of the service before", before, "MiB");
        figures.Rate($"{name}: memory of the service, most", most, "MiB");
    }

    /// <summary>Creates users by the SCIM interface for a while, and sees how far the audit and the seal are behind.</summary>
    public async Task Write(TimeSpan duration)
    {
        var (watch, created, behind, run) = (Stopwatch.StartNew(), 0L, 0L, Guid.NewGuid().ToString("N")[..8]);
        var writers = Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; watch.Elapsed < duration; i++)
            {
                var user = new JsonObject { ["schemas"] = new JsonArray(Directory.Domain.Scim.ScimUrns.User), ["userName"] = $"load-{run}-{writer}-{i}@example.com" };
                using var content = new StringContent(user.ToJsonString(), Encoding.UTF8, "application/scim+json");
                using var response = await service.Scim.PostAsync("/api/scim/v2/Users", content);
                if ((int)response.StatusCode != 201) throw new InvalidOperationException($"A create was answered with {(int)response.StatusCode}.");
                Interlocked.Increment(ref created);
            }
        }).ToList();
        while (watch.Elapsed < duration)
        {
            await Task.Delay(500);
            behind = Math.Max(behind, await Unsealed());
        }

        await Task.WhenAll(writers);
        figures.Rate("creates beside it, 8 connections", created / watch.Elapsed.TotalSeconds, "per second");
        figures.Rate("events not sealed yet, most", behind, "events");
        var catching = Stopwatch.StartNew();
        while (await Unsealed() > 0) await Task.Delay(100);
        figures.Rate("until all is sealed afterwards", catching.Elapsed.TotalSeconds, "s");
    }

    /// <summary>Waits until what follows the writes has followed the whole history.</summary>
    public async Task<double> Sealed()
    {
        var (watch, before) = (Stopwatch.StartNew(), await Unsealed());
        while (await Unsealed() > 0) await Task.Delay(1000);
        if (before > 100_000) figures.Rate("seal of the history", before / watch.Elapsed.TotalSeconds, "events/s");
        return watch.Elapsed.TotalSeconds;
    }

    public async Task Sizes()
    {
        foreach (var table in (string[])["mt_events", "audit_entry", "audit_term", "audit_span", "seal_leaf", "event_salt", "scim_user", "group_member"])
            figures.Rate($"{table}, with its indexes", await samples.Value<long>($"select pg_total_relation_size('{table}')") / 1048576.0, "MiB");
        figures.Rate("database", await samples.Value<long>("select pg_database_size(current_database())") / 1048576.0, "MiB");
        figures.Rate("memory of the service", service.Memory, "MiB");
    }

    private Task<long> Unsealed() => samples.Value<long>("select (select coalesce(max(seq_id), 0) from mt_events) - (select coalesce(max(last_seq), 0) from seal_block)");
}
