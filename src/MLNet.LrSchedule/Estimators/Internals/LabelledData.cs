using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule.Internals;

/// <summary>One data set handed to a trainer: which columns play which part, checked for the task, and its usable rows in order.</summary>
internal sealed class LabelledData
{
    private readonly RoleMappedData _data;
    private readonly DataViewSchema.Column? _mark;

    /// <param name="data">The data and the parts its columns play.</param>
    /// <param name="task">What a network is trained for.</param>
    /// <param name="markColumnName">The name of a column of <see cref="bool"/> that marks rows, where there is one.</param>
    public LabelledData(RoleMappedData data, LearningTask task, string? markColumnName)
    {
        data.CheckFeatureFloatVector(out int featureCount);
        OutputCount = TaskColumns.CheckLabel(task, data);
        data.CheckOptFloatWeight();
        _data = data;
        FeatureCount = featureCount;
        _mark = markColumnName is null ? null : data.Data.Schema[markColumnName];
    }

    /// <summary>Number of slots of the feature vector.</summary>
    public int FeatureCount { get; }

    /// <summary>Number of outputs of a network for the label: the number of classes, otherwise one.</summary>
    public int OutputCount { get; }

    /// <summary>Whether rows come with weights of their own; without a weight column each row weighs one.</summary>
    public bool HasWeights => _data.Schema.Weight is not null;

    /// <summary>The label column as the data has it, with its annotations.</summary>
    public DataViewSchema.Column Label => _data.Schema.Label!.Value;

    /// <summary>The feature column as the data has it, with its annotations.</summary>
    public DataViewSchema.Column Features => _data.Schema.Feature!.Value;

    /// <summary>Number of rows where the data knows it without reading; otherwise <see langword="null"/>.</summary>
    public long? RowCount => _data.Data.GetRowCount();

    /// <summary>Which features are categories, as the feature column says; null where it says nothing.</summary>
    /// <exception cref="InvalidOperationException">What it says makes no sense.</exception>
    public IReadOnlyList<CategoricalRange>? ReadCategories() => CategoricalSlots.Read(Features, FeatureCount);

    /// <summary>Opens a cursor over the usable rows, in the data's own order.</summary>
    /// <param name="keepsMissing">Whether rows with a feature that is not finite are usable.</param>
    public LabelledRows Read(bool keepsMissing = false) => new(_data.Data.GetRowCursor(Columns()), _data, _mark, keepsMissing);

    /// <summary>
    /// Opens cursors that divide the usable rows among themselves, each for a thread of its own: as many as the data likes to give, one only where it cannot
    /// divide them. <see cref="LabelledRows.Batch"/> tells the order.
    /// </summary>
    /// <param name="keepsMissing">Whether rows with a feature that is not finite are usable.</param>
    /// <param name="count">How many are asked for.</param>
    public LabelledRows[] ReadDivided(bool keepsMissing, int count) =>
        [.. _data.Data.GetRowCursorSet(Columns(), count).Select(cursor => new LabelledRows(cursor, _data, _mark, keepsMissing))];

    private IEnumerable<DataViewSchema.Column> Columns()
    {
        List<DataViewSchema.Column> columns = [Label, Features];
        if (_data.Schema.Weight is { } weight)
        {
            columns.Add(weight);
        }

        if (_mark is { } mark)
        {
            columns.Add(mark);
        }

        return columns;
    }
}
