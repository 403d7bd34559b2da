using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.LrSchedule.Internals;

/// <summary>The context a trainer catalog belongs to.</summary>
internal static class CatalogEnvironment
{
    public static IHostEnvironment Of(IInternalCatalog catalog) => CatalogUtils.GetEnvironment(catalog);
}
