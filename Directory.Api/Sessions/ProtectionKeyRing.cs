using System.Xml.Linq;
using Directory.Projections.Administrators;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Directory.Api.Sessions;

/// <summary>Keeps the framework's keys in the database: a session outlives a restart and is good on every node.</summary>
internal sealed class ProtectionKeyRing(ProtectionKeys keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.All().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) => keys.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
