using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Directory.Domain.Integrity;
using Directory.Tests.Hosting;
using Npgsql;
using NpgsqlTypes;
using Shouldly;
using Xunit;

namespace Directory.Tests.Integrity;

public sealed class CanonicalJsonTests(TestDatabase databases, ITestOutputHelper output)
{
    [Theory]
    [InlineData("{ \"b\": 1, \"a\": 2 }", "{\"a\":2,\"b\":1}")]
    [InlineData("{}", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData("[1, null, true, false, \"x\"]", "[1,null,true,false,\"x\"]")]
    [InlineData("{\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]}}")]
    [InlineData("1.50", "1.50")]
    [InlineData("123456789012345678901234567890.1", "123456789012345678901234567890.1")]
    [InlineData("\"\\u00e9\\u0041\"", "\"éA\"")]
    [InlineData("\"<script> & 'x' / + \u007f\"", "\"<script> & 'x' / + \u007f\"")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    public void a_text_has_one_canonical_form(string json, string canonical) =>
        Encoding.UTF8.GetString(CanonicalJson.Of(json)).ShouldBe(canonical);

    // U+FF01 comes before U+1F600, although its UTF-16 is greater than the surrogates of the other.
    [Fact]
    public void names_are_ordered_by_code_point() =>
        Encoding.UTF8.GetString(CanonicalJson.Of("{\"😀\":1,\"！\":2,\"z\":3,\"Z\":4,\"\":5}")).ShouldBe("{\"\":5,\"Z\":4,\"z\":3,\"！\":2,\"😀\":1}");

    [Fact]
    public void the_canonical_form_of_a_canonical_form_is_itself()
    {
        var once = CanonicalJson.Of("{\"b\":[1.0,{\"y\":\"\\n\",\"x\":null}],\"a\":\"ü\"}");

        CanonicalJson.Of(Encoding.UTF8.GetString(once)).ShouldBe(once);
    }

    [Theory]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1} 2")]
    [InlineData("[1")]
    [InlineData("")]
    [InlineData("// no\n1")]
    public void what_is_not_json_has_none(string text) => Should.Throw<JsonException>(() => CanonicalJson.Of(text));

    [Fact]
    public void names_that_are_escaped_are_ordered_by_what_they_mean() =>
        Encoding.UTF8.GetString(CanonicalJson.Of("{\"\\u0062\":1,\"a\":2,\"\\\"\":3,\"\\\\\":4,\"Z\":5}")).ShouldBe("{\"\\\"\":3,\"Z\":5,\"\\\\\":4,\"a\":2,\"b\":1}");

    [Fact]
    public void a_value_by_chance_has_the_form_that_is_documented()
    {
        var random = Seeded();
        for (var i = 0; i < 500; i++)
        {
            var value = Value(random, 4);
            Encoding.UTF8.GetString(CanonicalJson.Of(Written(value, random))).ShouldBe(Documented(value), $"of {value?.ToJsonString()}");
        }
    }

    [Fact]
    public async Task a_value_by_chance_is_written_as_the_database_prints_it()
    {
        await using var database = NpgsqlDataSource.Create(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        var random = Seeded();
        for (var i = 0; i < 200; i++)
        {
            var value = Value(random, 4);
            await using var command = database.CreateCommand("select $1::jsonb::text");
            command.Parameters.Add(new NpgsqlParameter { Value = Written(value, random), NpgsqlDbType = NpgsqlDbType.Text });
            var stored = new TextBuffer();
            StoredJson.Write(stored, Encoding.UTF8.GetBytes(Written(value, random)));
            Encoding.UTF8.GetString(stored.Written).ShouldBe((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        }
    }

    private Random Seeded()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-1000, 1000),
        3 => JsonNode.Parse($"{random.Next(100)}.{random.Next(10)}0"),
        4 or 5 => Text(random),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(6)).Select(_ => Text(random)).Distinct()
            .Select(name => KeyValuePair.Create(name, Value(random, depth - 1)))),
    };

    private static string Text(Random random)
    {
        string[] pieces = ["a", "B", "zz", "é", "ß", "！", "😀", "\"", "\\", "/", "\n", "\t", "\u0001", "\u001f", "\u007f", "\u2028", " ", ":", ",", "<&>"];
        return string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    /// <summary>With more escapes than needed or with few, with white space or without.</summary>
    private static string Written(JsonNode? value, Random random) => value is null ? "null" : value.ToJsonString(new JsonSerializerOptions
    {
        WriteIndented = random.Next(2) == 0,
        Encoder = random.Next(2) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>docs/verification-format.md, word for word.</summary>
    private static string Documented(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray array => $"[{string.Join(',', array.Select(Documented))}]",
        JsonObject members => $"{{{string.Join(',', members.OrderBy(m => Convert.ToHexString(Encoding.UTF8.GetBytes(m.Key)), StringComparer.Ordinal)
            .Select(m => $"{Documented(JsonValue.Create(m.Key))}:{Documented(m.Value)}"))}}}",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => $"\"{string.Concat(text.GetValue<string>().Select(c => c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => $"\\u{(int)c:x4}",
            _ => c.ToString(),
        }))}\"",
        _ => value.ToJsonString(),
    };
}
