using System;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// A cursor over rows that can be trained on. As every trainer of ML.NET does, it passes over rows with a feature or a label that is not
/// finite (a missing key label counts as such) or a weight that is not positive and finite. Labels arrive as numbers: false and true as 0
/// and 1, keys as their zero-based class.
/// </summary>
internal sealed class LabelledRows(FloatLabelCursor cursor, DataViewSchema.Column? mark) : IDisposable
{
    private readonly ValueGetter<bool>? _mark = mark is { } column ? cursor.Row.GetGetter<bool>(column) : null;

    /// <summary>The current row's features, dense or sparse; overwritten by the next row.</summary>
    public ref readonly VBuffer<float> Features => ref cursor.Features;

    public float Label => cursor.Label;

    public float Weight => cursor.Weight;

    /// <summary>Whether the current row is marked; false without a column that marks rows.</summary>
    public bool IsMarked
    {
        get
        {
            bool isMarked = false;
            _mark?.Invoke(ref isMarked);
            return isMarked;
        }
    }

    /// <summary>Number of rows passed over so far.</summary>
    public long SkippedRowCount => cursor.SkippedRowCount;

    public bool MoveNext() => cursor.MoveNext();

    public void Dispose() => cursor.Dispose();
}
