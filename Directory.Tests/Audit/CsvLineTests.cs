using System.Text;
using Directory.Api.Audit;
using Shouldly;
using Xunit;

namespace Directory.Tests.Audit;

public sealed class CsvLineTests
{
    private static readonly Column<string>[] Columns = [new("value", v => v)];

    [Theory]
    [InlineData("plain", "plain,\r\n")]
    [InlineData("", ",\r\n")]
    [InlineData("a,b", "\"a,b\",\r\n")]
    [InlineData("a\"b", "\"a\"\"b\",\r\n")]
    [InlineData("a\nb", "\"a\nb\",\r\n")]
    [InlineData("=1+1", "'=1+1,value\r\n")]
    [InlineData("+1", "'+1,value\r\n")]
    [InlineData("-1", "'-1,value\r\n")]
    [InlineData("@SUM(1)", "'@SUM(1),value\r\n")]
    [InlineData("\t=1", "'\t=1,value\r\n")]
    [InlineData("\r=1", "\"'\r=1\",value\r\n")]
    [InlineData("\n=1", "\"'\n=1\",value\r\n")]
    [InlineData("＝1", "'＝1,value\r\n")]
    [InlineData("'=1", "'=1,\r\n")]
    [InlineData("1-1", "1-1,\r\n")]
    [InlineData("a\0b", "a\uFFFDb,\r\n")]
    public void A_value_is_quoted_where_it_must_be_and_never_a_formula(string value, string line)
    {
        var text = new StringBuilder();

        CsvLine.Row(text, Columns, value);

        text.ToString().ShouldBe(line);
    }

    [Fact]
    public void A_cell_of_a_megabyte_reads_back()
    {
        var value = string.Concat(Enumerable.Repeat("=\"\r\n,𝄞", 200_000));
        var text = new StringBuilder();

        CsvLine.Row(text, Columns, value);

        Csv.Read(text.ToString()).Single().ShouldBe(["'" + value, "value"]);
    }
}
