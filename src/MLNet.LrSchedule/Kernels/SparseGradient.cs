using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The weights' gradient of a first layer on sparse rows, batch after batch in the same buffer. A batch adds to zeros: an update that has read the gradient
/// leaves them there, which costs little while it has the lines at hand. Where none did, the buffer is cleared first.
/// </summary>
internal sealed unsafe class SparseGradient(int inputCount)
{
    private bool _isClear;

    /// <summary>What each thread had of the gradient in the latest batch.</summary>
    public SparseDivision Division { get; private set; }

    /// <summary>Says that the whole gradient is zero now.</summary>
    public void MarkClear() => _isClear = true;

    /// <summary>Says that something else wrote the gradient.</summary>
    public void MarkWritten() => _isClear = false;

    /// <summary>Sets the whole gradient of the weights, and that of the biases unless it is empty.</summary>
    public void Set(
        KernelContext context, SparseRows inputs, ReadOnlySpan<float> outputGradient, Span<float> weightGradient, Span<float> biasGradient, int outputCount)
    {
        SparseKernels.CheckShape(inputs, weightGradient.Length, outputGradient.Length, inputCount, outputCount);
        if (!biasGradient.IsEmpty)
        {
            ReductionKernels.ColumnSums(context, outputGradient, biasGradient, inputs.Rows, outputCount);
        }

        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns)
        fixed (float* values = inputs.Values, g = outputGradient, dw = weightGradient)
        {
            SparseGradientWork all = new()
            {
                Offsets = offsets,
                Columns = columns,
                Values = values,
                Rows = inputs.Rows,
                OutputGradient = g,
                WeightGradient = dw,
                Stride = outputCount,
                OutputCount = outputCount,
                EndColumn = inputCount,
                IsCleared = !_isClear,
            };
            Division = SparseKernels.Division(context, inputs, inputCount, outputCount);
            if (Division == SparseDivision.Outputs)
            {
                ParallelRanges.Run(context, new OutputWork(all), outputCount, minCount: 0, UpdateKernels.ColumnAlignment);
            }
            else
            {
                // Columns of the rows are whole rows of the gradient.
                ParallelRanges.Run(context, new ColumnWork(all), inputCount, Division == SparseDivision.Elements ? 0 : int.MaxValue);
            }
        }

        _isClear = false;
    }

    private readonly struct OutputWork(SparseGradientWork all) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            SparseGradientWork work = all;
            work.OutputGradient += first;
            work.WeightGradient += first;
            work.OutputCount = count;
            WidthDispatch.Run(context.VectorWidth, work);
        }
    }

    private readonly struct ColumnWork(SparseGradientWork all) : IRangeWork
    {
        public void Run(KernelContext context, int first, int count)
        {
            SparseGradientWork work = all;
            work.FirstColumn = first;
            work.EndColumn = first + count;
            work.HasSomeColumns = count < all.EndColumn;
            WidthDispatch.Run(context.VectorWidth, work);
        }
    }
}
