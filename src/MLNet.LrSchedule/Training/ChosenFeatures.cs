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

    /// <summary>While the form is open, wider rows are held sparse whatever is in them: so many of them dense could be the larger part of the memory.</summary>
    private const int MaximumOpenWidth = 4096;

    // While the form is open it is that which suits the first row, and lossless: rows that turn out dense are stored as they came, signs of zeros included.
    private FeatureStoreBuilder? _rows = featureCount < MinimumWidth ? new DenseFeaturesBuilder(featureCount, expectedRows) : null;

    private readonly int[] _firstElements = new int[featureCount < MinimumWidth ? 0 : SampleRows];
    private bool _isChosen = featureCount < MinimumWidth;

    /// <summary>The elements that are not zero in each of the first rows; empty where the form is not chosen by them.</summary>
    public ReadOnlySpan<int> FirstElements => _firstElements.AsSpan(0, Math.Min(RowCount, _firstElements.Length));

    public override void Add(ReadOnlySpan<float> features)
    {
        if (RowCount < _firstElements.Length)
            _firstElements[RowCount] = features.Length - features.Count(0f);
        else if (!_isChosen)
            Choose();
        Rows.Add(features);
        RowCount++;
    }

    public override void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        if (RowCount < _firstElements.Length)
            _firstElements[RowCount] = values.Length - values.Count(0f);
        else if (!_isChosen)
            Choose();
        Rows.Add(columns, values);
        RowCount++;
    }

    public override FeatureStore Build()
    {
        if (!_isChosen)
            Choose();
        return Build(Rows is SparseFeaturesBuilder);
    }

    /// <summary>The rows in a form that is chosen by more than these.</summary>
    public FeatureStore Build(bool isSparse)
    {
        if (isSparse != Rows is SparseFeaturesBuilder || Rows is SparseFeaturesBuilder { HasNegativeZeros: true })
            Copy(isSparse ? new SparseFeaturesBuilder(FeatureCount) : new DenseFeaturesBuilder(FeatureCount, RowCount));
        return Rows.Build();
    }

    public override void Dispose() => _rows?.Dispose();

    /// <summary>Whether rows with so many elements that are not zero are stored sparse.</summary>
    public static bool SuitsSparse(int featureCount, long rows, long elements) =>
        featureCount >= MinimumWidth && elements <= MaximumShare * rows * featureCount;

    private FeatureStoreBuilder Rows => _rows ??= FeatureCount > MaximumOpenWidth || SuitsSparse(FeatureCount, 1, _firstElements[0])
        ? new SparseFeaturesBuilder(FeatureCount, keepsNegativeZeros: true)
        : new DenseFeaturesBuilder(FeatureCount, expectedRows);

    private void Choose()
    {
        _isChosen = true;
        long elements = 0;
        foreach (int count in FirstElements)
            elements += count;
        bool suitsSparse = SuitsSparse(FeatureCount, RowCount, elements);
        if (suitsSparse && Rows is DenseFeaturesBuilder)
            Copy(new SparseFeaturesBuilder(FeatureCount));
        else if (!suitsSparse && Rows is SparseFeaturesBuilder)
            Copy(new DenseFeaturesBuilder(FeatureCount, Math.Max(expectedRows, RowCount)));
    }

    private void Copy(FeatureStoreBuilder form)
    {
        using var read = Rows.Build();
        _rows = form;
        for (int row = 0; row < read.RowCount; row++)
        {
            if (read is DenseFeatures dense)
            {
                form.Add(dense[row]);
                continue;
            }

            ((SparseFeatures)read).Row(row, out var columns, out var values);
            form.Add(columns, values);
        }
    }
}
