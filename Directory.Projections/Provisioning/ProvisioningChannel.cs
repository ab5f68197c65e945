namespace Directory.Projections.Provisioning;

/// <summary>
/// The channel on which the database tells all nodes that a switch, a connection or a token has changed: <c>id/version</c> of the stream.
/// </summary>
public static class ProvisioningChannel
{
    public const string Name = "directory_provisioning";
}
