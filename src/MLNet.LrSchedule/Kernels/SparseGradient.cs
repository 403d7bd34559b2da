using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The weights' gradient of a first layer on sparse rows, batch after batch in the same buffer. Each batch is sorted by columns, so that the gradient of a
/// column is summed in registers and written once, and the rows of the gradient whose columns a batch does not name are cleared only where the batch
/// before it wrote them: a wide layer has far more rows than a batch names.
/// </summary>
/// <remarks>The sort keeps the rows of a column in their order, so every chain is that of <see cref="DenseKernels.WeightGradient"/>.</remarks>
internal sealed unsafe class SparseGradient(int inputCount)
{
    // Below about ten microseconds of one thread, handing out work costs more than it saves.
    private const int MinParallelSteps = 1 << 17;

    // Where each column's elements end among the sorted ones; zero for a column that does not occur.
    private readonly int[] _ends = new int[inputCount];
    private int[] _columns = new int[inputCount + 1];
    private int[] _columnsBefore = new int[inputCount + 1];
    private readonly int[] _starts = new int[inputCount + 1];
    private int[] _rows = [];
    private float[] _values = [];
    private int _count;
    private int _countBefore;
    private bool _isAllWritten;

    /// <summary>Says that something else wrote the whole gradient.</summary>
    public void MarkAllWritten() => _isAllWritten = true;

    /// <summary>Sets the whole gradient of the weights, and that of the biases unless it is empty.</summary>
    public void Set(
        KernelContext context, SparseRows inputs, ReadOnlySpan<float> outputGradient, Span<float> weightGradient, Span<float> biasGradient, int outputCount)
    {
        SparseKernels.CheckShape(inputs, weightGradient.Length, outputGradient.Length, inputCount, outputCount);
        Sort(inputs);
        ClearOthers(weightGradient, outputCount);
        if (!biasGradient.IsEmpty)
        {
            ReductionKernels.ColumnSums(context, outputGradient, biasGradient, inputs.Rows, outputCount);
        }

        fixed (int* columns = _columns, starts = _starts, rows = _rows)
        fixed (float* values = _values, g = outputGradient, dw = weightGradient)
        {
            int steps = Math.Max(1, _starts[_count] / Math.Max(1, _count) * outputCount);
            ParallelRanges.Run(context, new Work(columns, starts, rows, values, g, dw, outputCount), _count, Math.Max(2, MinParallelSteps / steps));
        }

        foreach (int column in _columns.AsSpan(0, _count))
        {
            _ends[column] = 0;
        }
    }

    // Counting sort: how often each column occurs, where its elements begin, then every element to its place.
    private void Sort(SparseRows inputs)
    {
        (_columns, _columnsBefore) = (_columnsBefore, _columns);
        _countBefore = _count;
        int elements = inputs.Offsets[^1] - inputs.Offsets[0];
        if (_rows.Length < elements)
        {
            int length = Math.Max(elements, 2 * _rows.Length);
            _rows = new int[length];
            _values = new float[length];
        }

        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns, ends = _ends, used = _columns, starts = _starts, sortedRows = _rows)
        fixed (float* values = inputs.Values, sortedValues = _values)
        {
            _count = Sort(offsets, columns, values, inputs.Rows, ends, used, starts, sortedRows, sortedValues);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sort(
        int* offsets, int* columns, float* values, int rows, int* ends, int* used, int* starts, int* sortedRows, float* sortedValues)
    {
        int count = 0;
        for (int i = offsets[0]; i < offsets[rows]; i++)
        {
            // Written always and counted only where the column is new: whether it is cannot be foreseen, and a branch would be guessed wrong.
            int column = columns[i];
            int before = ends[column]++;
            used[count] = column;
            count += before == 0 ? 1 : 0;
        }

        int start = 0;
        for (int i = 0; i < count; i++)
        {
            int length = ends[used[i]];
            starts[i] = start;
            ends[used[i]] = start;
            start += length;
        }

        starts[count] = start;
        for (int row = 0; row < rows; row++)
        {
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
            {
                int place = ends[columns[i]]++;
                sortedRows[place] = row;
                sortedValues[place] = values[i];
            }
        }

        return count;
    }

    // After the sort the end of a column that occurs is above zero.
    private void ClearOthers(Span<float> weightGradient, int outputCount)
    {
        if (_isAllWritten)
        {
            weightGradient.Clear();
            _isAllWritten = false;
            return;
        }

        foreach (int column in _columnsBefore.AsSpan(0, _countBefore))
        {
            if (_ends[column] == 0)
            {
                weightGradient.Slice(column * outputCount, outputCount).Clear();
            }
        }
    }

    private readonly struct Work(int* columns, int* starts, int* rows, float* values, float* outputGradient, float* weightGradient, int outputCount) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count) => WidthDispatch.Run(
            context.VectorWidth, new Program(columns + first, starts + first, rows, values, outputGradient, weightGradient, count, outputCount));
    }

    private readonly struct Program(
        int* columns, int* starts, int* rows, float* values, float* outputGradient, float* weightGradient, int count, int outputCount) : IVectorProgram
    {
        // Four vectors of a gradient's row stay in registers while its elements are accumulated. An empty mask touches no memory.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            int width = TSimd.Width;
            for (int output = 0; output < outputCount; output += 4 * width)
            {
                TVector mask0 = TSimd.Mask(outputCount - output);
                TVector mask1 = TSimd.Mask(outputCount - output - width);
                TVector mask2 = TSimd.Mask(outputCount - output - (2 * width));
                TVector mask3 = TSimd.Mask(outputCount - output - (3 * width));
                float* panel = outputGradient + output;
                for (int column = 0; column < count; column++)
                {
                    TVector x0 = TSimd.Constant(0);
                    TVector x1 = x0;
                    TVector x2 = x0;
                    TVector x3 = x0;
                    for (int i = starts[column]; i < starts[column + 1]; i++)
                    {
                        float* g = panel + ((nint)rows[i] * outputCount);
                        TVector value = TSimd.LoadBroadcast(values + i);
                        x0 = TSimd.FusedMultiplyAdd(value, TSimd.LoadMasked(g, mask0), x0);
                        x1 = TSimd.FusedMultiplyAdd(value, TSimd.LoadMasked(g + width, mask1), x1);
                        x2 = TSimd.FusedMultiplyAdd(value, TSimd.LoadMasked(g + (2 * width), mask2), x2);
                        x3 = TSimd.FusedMultiplyAdd(value, TSimd.LoadMasked(g + (3 * width), mask3), x3);
                    }

                    float* result = weightGradient + ((nint)columns[column] * outputCount) + output;
                    TSimd.StoreMasked(result, mask0, x0);
                    TSimd.StoreMasked(result + width, mask1, x1);
                    TSimd.StoreMasked(result + (2 * width), mask2, x2);
                    TSimd.StoreMasked(result + (3 * width), mask3, x3);
                }
            }
        }
    }
}
