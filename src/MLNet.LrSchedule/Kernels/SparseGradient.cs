using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The weights' gradient of a first layer on sparse rows, batch after batch in the same buffer. Rows of the gradient whose columns a batch does not name are
/// cleared only where the batch before wrote them: a wide layer has far more rows than a batch names.
/// </summary>
internal sealed unsafe class SparseGradient
{
    private const int FlagsAlignment = 64;

    private readonly int _inputCount;
    private readonly int _flagsLength;

    // Sets of flags, one flag for each column, all bits set where its row of the gradient is written. One set says what the batch before wrote. Each range
    // of outputs has another for what its thread has written in the batch at hand; that of the first range is then that of the batch before. Ranges of columns
    // share that one, in which each has flags of its own.
    private sbyte[] _flags = [];
    private int _before;
    private bool _isAllWritten;

    public SparseGradient(int inputCount)
    {
        _inputCount = inputCount;
        _flagsLength = checked(inputCount + FlagsAlignment - 1) / FlagsAlignment * FlagsAlignment;
    }

    /// <summary>Says that something else wrote the whole gradient.</summary>
    public void MarkAllWritten() => _isAllWritten = true;

    /// <summary>Sets the whole gradient of the weights, and that of the biases unless it is empty.</summary>
    public void Set(
        KernelContext context, SparseRows inputs, ReadOnlySpan<float> outputGradient, Span<float> weightGradient, Span<float> biasGradient, int outputCount)
    {
        SparseKernels.CheckShape(inputs, weightGradient.Length, outputGradient.Length, _inputCount, outputCount);
        if (!biasGradient.IsEmpty)
        {
            ReductionKernels.ColumnSums(context, outputGradient, biasGradient, inputs.Rows, outputCount);
        }

        sbyte* flags = Flags(1 + context.MaxThreads);
        if (_isAllWritten)
        {
            new Span<sbyte>(flags + ((nint)_before * _flagsLength), _inputCount).Fill(-1);
            _isAllWritten = false;
        }

        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns)
        fixed (float* values = inputs.Values, g = outputGradient, dw = weightGradient)
        {
            Job job = new() { Flags = flags };
            job.Work = new()
            {
                Offsets = offsets,
                Columns = columns,
                Values = values,
                Rows = inputs.Rows,
                OutputGradient = g,
                WeightGradient = dw,
                Stride = outputCount,
                OutputCount = outputCount,
                Zeros = context.Zeros(SparseGradientWork.PanelVectors * Simd512.Width),
                WrittenBefore = flags + ((nint)_before * _flagsLength),
                Written = flags + ((nint)(1 - _before) * _flagsLength),
                EndColumn = _flagsLength,
            };
            if (SparseKernels.DividesOutputs(context.MaxThreads, _inputCount, outputCount))
            {
                // Each thread has outputs of its own.
                job.RangeLength = ParallelRanges.RangeLength(context, outputCount, UpdateKernels.ColumnAlignment);
                context.Run(&RunOutputs, &job, GemmBlocking.DivideUp(outputCount, job.RangeLength));
            }
            else
            {
                // Each has columns of the rows of its own: whole rows of the gradient, most of which it updates.
                job.Work.HasSomeColumns = SparseKernels.DividesElements(context, inputs, outputCount);
                job.RangeLength = job.Work.HasSomeColumns ? ParallelRanges.RangeLength(context, _flagsLength, FlagsAlignment) : _flagsLength;
                context.Run(&RunColumns, &job, GemmBlocking.DivideUp(_flagsLength, job.RangeLength));
            }
        }

        _before = 1 - _before;
    }

    private static void RunOutputs(KernelContext context, void* state, int range, int thread)
    {
        ref readonly Job job = ref *(Job*)state;
        int first = range * job.RangeLength;
        SparseGradientWork work = job.Work;
        work.OutputGradient += first;
        work.WeightGradient += first;
        work.OutputCount = Math.Min(job.RangeLength, work.OutputCount - first);
        if (range > 0)
        {
            work.Written = job.Flags + ((nint)(1 + range) * work.EndColumn);
        }

        WidthDispatch.Run(context.VectorWidth, work);
    }

    private static void RunColumns(KernelContext context, void* state, int range, int thread)
    {
        ref readonly Job job = ref *(Job*)state;
        SparseGradientWork work = job.Work;
        work.FirstColumn = range * job.RangeLength;
        work.EndColumn = Math.Min(work.FirstColumn + job.RangeLength, work.EndColumn);
        WidthDispatch.Run(context.VectorWidth, work);
    }

    private sbyte* Flags(int sets)
    {
        long length = checked((long)sets * _flagsLength);
        if (_flags.Length < length)
        {
            sbyte[] longer = GC.AllocateArray<sbyte>(checked((int)length), pinned: true);
            _flags.CopyTo(longer, 0);
            _flags = longer;
        }

        return (sbyte*)Marshal.UnsafeAddrOfPinnedArrayElement(_flags, 0);
    }

    private struct Job
    {
        /// <summary>The work on all outputs and columns.</summary>
        public SparseGradientWork Work;

        /// <summary>All sets of flags.</summary>
        public sbyte* Flags;

        /// <summary>Outputs, or columns, of a range.</summary>
        public int RangeLength;
    }
}
