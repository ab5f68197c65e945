using Directory.Api.Hosting;
using Shouldly;
using Xunit;

namespace Directory.Tests.Hosting;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData(null, null, "http://127.0.0.1:5000/")]
    [InlineData("", "8080", "http://127.0.0.1:8080/")]
    [InlineData(null, "8081;8082", "http://127.0.0.1:8081/")]
    [InlineData("http://+:8080", "9", "http://127.0.0.1:8080/")]
    [InlineData("https://*:8443;http://*:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:7000", null, "http://127.0.0.1:7000/")]
    [InlineData("http://[::]:7000", null, "http://127.0.0.1:7000/")]
    [InlineData("http://10.0.0.7:7000/", null, "http://10.0.0.7:7000/")]
    [InlineData("http://localhost", null, "http://localhost/")]
    public void the_service_is_asked_where_the_same_environment_makes_it_listen(string? urls, string? ports, string address) =>
        HealthProbe.Address(urls, ports).ToString().ShouldBe(address);
}
