using System;

namespace MLNet.LrSchedule.Training;

/// <summary>Collects rows, sparse or dense as suits the first of them. Nothing but speed and memory depends on the choice: both forms train to the same bits.</summary>
/// <remarks>
/// The bounds are measured (64 units, batches of 256, 512-bit vectors, <c>-- sparse density</c> of the benchmarks): at one element in eight an epoch over
/// sparse rows takes 0.5 to 0.9 of the time of one over dense rows from 64 columns on and a quarter of the memory; at one in four it takes 1.1 to 1.4 times as
/// long, because a dense product keeps its numbers in registers where a sparse one must look for them. The choice is made from the first rows' elements that are not zero, not from the form in which they came, so that the same data always has the same form.
/// </remarks>
internal sealed class ChosenFeaturesBuilder(int featureCount, int expectedRows) : FeatureStoreBuilder(featureCount)
{
    /// <summary>Rows that the choice is made by.</summary>
    public const int SampleRows = 1024;

    /// <summary>Narrower rows are dense: their products take less time than the choice of form can save.</summary>
    public const int MinimumWidth = 64;

    /// <summary>The largest share of elements that are not zero in rows that are stored sparse.</summary>
    public const double MaximumShare = 0.125;

    private FeatureStoreBuilder _rows =
        featureCount < MinimumWidth ? new DenseFeaturesBuilder(featureCount, expectedRows) : new SparseFeaturesBuilder(featureCount);

    private bool _isChosen = featureCount < MinimumWidth;

    public override void Add(ReadOnlySpan<float> features)
    {
        Choose(SampleRows);
        _rows.Add(features);
        RowCount++;
    }

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        Choose(SampleRows);
        _rows.Add(columns, values);
        RowCount++;
    }

    public override FeatureStore Build()
    {
        Choose(RowCount);
        return _rows.Build();
    }

    /// <summary>Whether rows with so many elements that are not zero are stored sparse.</summary>
    public static bool SuitsSparse(int featureCount, long rows, long elements) =>
        featureCount >= MinimumWidth && elements <= MaximumShare * rows * featureCount;

    private void Choose(int rows)
    {
        if (_isChosen || RowCount < rows)
            return;
        _isChosen = true;
        var sample = (SparseFeaturesBuilder)_rows;
        if (SuitsSparse(FeatureCount, RowCount, sample.ElementCount))
            return;

        var read = (SparseFeatures)sample.Build();
        _rows = new DenseFeaturesBuilder(FeatureCount, expectedRows);
        for (int row = 0; row < read.RowCount; row++)
        {
            read.Row(row, out var columns, out var values);
            _rows.Add(columns, values);
        }
    }
}
