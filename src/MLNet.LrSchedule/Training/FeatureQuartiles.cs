using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Training;

/// <summary>The quartiles of a feature's finite values, interpolated linearly between neighbours.</summary>
internal readonly record struct Quartiles(double First, double Median, double Third);

/// <summary>Finds the quartiles of every feature without holding a second copy of the data: of so many features at a time as a bounded table holds.</summary>
internal static class FeatureQuartiles
{
    /// <summary>Rows that are looked at; evenly spaced ones where there are more.</summary>
    public const int MaximumRows = 1 << 16;

    private const int MaximumTable = 1 << 22;

    /// <summary>Gives the quartiles of each feature in turn; zeros where it has no finite value.</summary>
    public static void Visit(TrainingRows rows, RowPart part, Action<int, Quartiles> found) =>
        VisitSorted(rows, part, (feature, sorted) => found(feature, sorted.IsEmpty ? default : new Quartiles(At(sorted, 1), At(sorted, 2), At(sorted, 3))));

    /// <summary>Gives the finite values of each feature in turn, ascending, of the rows that are looked at.</summary>
    public static void VisitSorted(TrainingRows rows, RowPart part, Action<int, ReadOnlySpan<float>> found)
    {
        int sampled = (int)Math.Min(part.Count, MaximumRows);
        int together = Math.Clamp(MaximumTable / sampled, 1, rows.FeatureCount);
        var table = new float[together][];
        for (int i = 0; i < table.Length; i++)
            table[i] = new float[sampled];
        var sort = new RadixSort();
        for (int first = 0; first < rows.FeatureCount; first += together)
        {
            int last = Math.Min(first + together, rows.FeatureCount);
            Fill(rows, part, table, first, last);
            for (int feature = first; feature < last; feature++)
                found(feature, Sorted(table[feature - first], sort));
        }
    }

    private static void Fill(TrainingRows rows, RowPart part, float[][] table, int first, int last)
    {
        long row = 0, wanted = 0, count = part.Count;
        int next = 0, sampled = table[0].Length;
        PartRows.Visit(rows, part, (columns, values, _) =>
        {
            if (!columns.IsEmpty)
                throw new InvalidOperationException("Quartiles are found of dense rows only.");

            // The k-th row looked at is number k x count / sampled.
            if (row++ == wanted && next < sampled)
            {
                for (int feature = first; feature < last; feature++)
                    table[feature - first][next] = values[feature];
                next++;
                wanted = (long)((Int128)next * count / sampled);
            }
        });
    }

    private static ReadOnlySpan<float> Sorted(float[] values, RadixSort sort)
    {
        int finite = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
                values[finite++] = value;
        }

        var sorted = values.AsSpan(0, finite);
        sort.Sort(sorted);
        return sorted;
    }

    private static double At(ReadOnlySpan<float> sorted, int quarter)
    {
        long quarters = (long)(sorted.Length - 1) * quarter;
        int below = (int)(quarters / 4);
        double share = quarters % 4 / 4.0;
        return share == 0 ? sorted[below] : sorted[below] + (share * ((double)sorted[below + 1] - sorted[below]));
    }
}
