using System;
using System.Collections.Generic;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule.Internals;

/// <summary>
/// Reads which slots of a feature column are categories: the annotation that one-hot encoding makes and <c>Concatenate</c> keeps, the first and the last
/// slot of each range, one after the other.
/// </summary>
internal static class CategoricalSlots
{
    // AnnotationUtils.Kinds.CategoricalSlotRanges, which ML.NET keeps to itself; the annotation with this name is in every schema all the same.
    private const string Annotation = "CategoricalSlotRanges";

    /// <summary>The ranges in their order; null where the column has no such annotation.</summary>
    /// <param name="column">The feature column.</param>
    /// <param name="slots">Slots of the column.</param>
    /// <exception cref="InvalidOperationException">The annotation is no list of ranges of the column's slots that ascend and share none.</exception>
    public static IReadOnlyList<CategoricalRange>? Read(DataViewSchema.Column column, int slots)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Annotation) is not { } annotation)
        {
            return null;
        }

        if (annotation.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var type } } || type != typeof(int))
        {
            throw Damaged(column, $"it is of type {annotation.Type}, not a vector of Int32");
        }

        VBuffer<int> bounds = default;
        column.Annotations.GetValue(Annotation, ref bounds);
        int[] numbers = [.. bounds.DenseValues()];
        if (numbers.Length % 2 != 0)
        {
            throw Damaged(column, $"it has {numbers.Length} numbers, which are no pairs");
        }

        CategoricalRange[] ranges = new CategoricalRange[numbers.Length / 2];
        int end = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            (int first, int last) = (numbers[2 * i], numbers[(2 * i) + 1]);
            if (first < end || last < first || last >= slots)
            {
                throw Damaged(column, $"range {i} goes from slot {first} to slot {last}, but ranges ascend, share no slot, and there are {slots} slots");
            }

            ranges[i] = new CategoricalRange(first, last - first + 1);
            end = last + 1;
        }

        return ranges.Length == 0 ? null : ranges;
    }

    private static InvalidOperationException Damaged(DataViewSchema.Column column, string how) =>
        new($"The annotation {Annotation} of column '{column.Name}' cannot be used: {how}.");
}
