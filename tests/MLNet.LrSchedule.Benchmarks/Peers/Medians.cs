using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>The middle of measurements, which a few disturbed ones do not move.</summary>
internal static class Medians
{
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
