using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Looks rows of tables up: an output row is the columns that belong to no table, in their order, and for each table the sum of (element x row of its
/// category) over the elements that are not zero, or the table's last row where all are zero or the row's columns are masked.
/// </summary>
/// <remarks>
/// One thread does it, rows in ascending order: a look-up is as cheap as a copy, and a gradient is then a sum in the same order whatever the number of
/// threads. Dense and sparse rows of the same numbers give the same bits (but for the sign of a zero).
/// </remarks>
internal static unsafe class EmbeddingKernels
{
    /// <summary>outputs[rows x outputCount] of dense rows.</summary>
    /// <param name="context">The run's context.</param>
    /// <param name="tables">The tables, in the order of their columns.</param>
    /// <param name="numbers">The numbers of all tables, one after the other.</param>
    /// <param name="inputs">[rows x inputCount].</param>
    /// <param name="outputs">[rows x outputCount], or [rows x numbers of all tables] for those alone; so too in the other methods.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="inputCount">Columns of an input row.</param>
    /// <param name="mask">Which tables are masked for which rows.</param>
    public static void Forward(
        KernelContext context,
        ReadOnlySpan<EmbeddingTable> tables,
        ReadOnlySpan<float> numbers,
        ReadOnlySpan<float> inputs,
        Span<float> outputs,
        int rows,
        int inputCount,
        EmbeddingMask mask)
    {
        int outputCount = CheckShape(tables, numbers.Length, outputs.Length, rows, inputCount);
        CheckDense(inputs.Length, rows, inputCount);
        fixed (EmbeddingTable* t = tables)
        fixed (float* w = numbers, x = inputs, y = outputs)
        {
            Program program = new Program(t, tables.Length, w, new Rows(x, null, null, null, rows), y, inputCount, outputCount, mask, isForward: true);
            WidthDispatch.Run(context.VectorWidth, program);
        }
    }

    /// <summary>As above, of sparse rows.</summary>
    public static void Forward(
        KernelContext context,
        ReadOnlySpan<EmbeddingTable> tables,
        ReadOnlySpan<float> numbers,
        SparseRows inputs,
        Span<float> outputs,
        int inputCount,
        EmbeddingMask mask)
    {
        int outputCount = CheckShape(tables, numbers.Length, outputs.Length, inputs.Rows, inputCount);
        CheckSparse(inputs, inputCount);
        fixed (EmbeddingTable* t = tables)
        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns)
        fixed (float* w = numbers, x = inputs.Values, y = outputs)
        {
            Program program = new Program(t, tables.Length, w, new Rows(null, offsets, columns, x, inputs.Rows), y, inputCount, outputCount, mask, isForward: true);
            WidthDispatch.Run(context.VectorWidth, program);
        }
    }

    /// <summary>Sets the gradient of the tables' numbers from that of the outputs, of dense rows.</summary>
    public static void Backward(
        KernelContext context,
        ReadOnlySpan<EmbeddingTable> tables,
        Span<float> gradient,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> outputGradient,
        int rows,
        int inputCount,
        EmbeddingMask mask)
    {
        int outputCount = CheckShape(tables, gradient.Length, outputGradient.Length, rows, inputCount);
        CheckDense(inputs.Length, rows, inputCount);
        gradient.Clear();
        fixed (EmbeddingTable* t = tables)
        fixed (float* dw = gradient, x = inputs, g = outputGradient)
        {
            Program program = new Program(t, tables.Length, dw, new Rows(x, null, null, null, rows), g, inputCount, outputCount, mask, isForward: false);
            WidthDispatch.Run(context.VectorWidth, program);
        }
    }

    /// <summary>As above, of sparse rows.</summary>
    public static void Backward(
        KernelContext context,
        ReadOnlySpan<EmbeddingTable> tables,
        Span<float> gradient,
        SparseRows inputs,
        ReadOnlySpan<float> outputGradient,
        int inputCount,
        EmbeddingMask mask)
    {
        int outputCount = CheckShape(tables, gradient.Length, outputGradient.Length, inputs.Rows, inputCount);
        CheckSparse(inputs, inputCount);
        gradient.Clear();
        fixed (EmbeddingTable* t = tables)
        fixed (int* offsets = inputs.Offsets, columns = inputs.Columns)
        fixed (float* dw = gradient, x = inputs.Values, g = outputGradient)
        {
            Program program = new Program(t, tables.Length, dw, new Rows(null, offsets, columns, x, inputs.Rows), g, inputCount, outputCount, mask, isForward: false);
            WidthDispatch.Run(context.VectorWidth, program);
        }
    }

    // The program below indexes by all of this without a further look.
    private static int CheckShape(ReadOnlySpan<EmbeddingTable> tables, int numbers, int outputs, int rows, int inputCount)
    {
        long outputCount = inputCount, embedded = 0, length = 0;
        int end = 0;
        foreach (EmbeddingTable table in tables)
        {
            if (table.First < end || table.Categories < 1 || table.Dimension < 1 || table.End > inputCount)
            {
                throw new ArgumentException($"The columns {table.First} to {table.End - 1} are out of order or beyond {inputCount} inputs.");
            }

            end = table.End;
            outputCount += table.Dimension - table.Categories;
            embedded += table.Dimension;
            length += table.Length;
        }

        // Outputs of the tables alone are narrower; where every column is in a table the two are the same.
        long stride = outputs == rows * outputCount ? outputCount : embedded;
        return length == numbers && outputs == rows * stride
            ? (int)stride
            : throw new ArgumentException($"{rows} rows of {inputCount} columns and tables of {length} numbers do not fit {numbers} numbers and {outputs} outputs.");
    }

    private static void CheckDense(int inputs, int rows, int inputCount)
    {
        if (inputs != (long)rows * inputCount)
        {
            throw new ArgumentException($"{rows} rows of {inputCount} columns do not fit {inputs} inputs.");
        }
    }

    private static void CheckSparse(SparseRows inputs, int inputCount)
    {
        for (int row = 0; row < inputs.Rows; row++)
        {
            int column = -1;
            foreach (int next in inputs.Columns[inputs.Offsets[row]..inputs.Offsets[row + 1]])
            {
                if (next <= column || next >= inputCount)
                {
                    throw new ArgumentException($"A sparse row has an element in column {next}, after {column}, but columns ascend and there are {inputCount}.");
                }

                column = next;
            }
        }
    }

    /// <summary>Rows of one form or the other.</summary>
    private readonly struct Rows(float* dense, int* offsets, int* columns, float* values, int count)
    {
        public readonly float* Dense = dense;
        public readonly int* Offsets = offsets;
        public readonly int* Columns = columns;
        public readonly float* Values = values;
        public readonly int Count = count;
    }

    /// <summary>
    /// Goes over the rows. Forward, numbers of the tables are added to the outputs; backward, numbers of the outputs' gradient to those of the tables.
    /// </summary>
    private readonly struct Program(
        EmbeddingTable* tables, int tableCount, float* numbers, Rows rows, float* outputs, int inputCount, int outputCount, EmbeddingMask mask, bool isForward)
        : IVectorProgram
    {
        private bool IsSparse => rows.Dense is null;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            // The outputs of a table begin after all columns that belong to none, if there are any.
            int others = outputCount;
            for (int t = 0; t < tableCount; t++)
            {
                others -= tables[t].Dimension;
            }

            bool copies = isForward && others > 0;
            for (int row = 0; row < rows.Count; row++)
            {
                float* output = outputs + ((nint)row * outputCount);
                if (isForward)
                {
                    new Span<float>(output, outputCount).Clear();
                }

                float* embedded = output + others;
                float* table = numbers;
                int element = IsSparse ? rows.Offsets[row] : 0, end = IsSparse ? rows.Offsets[row + 1] : 0, next = 0;
                for (int t = 0; t < tableCount; t++)
                {
                    EmbeddingTable shape = tables[t];
                    output = CopyOthers(row, output, next, shape.First, ref element, end, copies);
                    bool isMasked = mask.IsMasked(row, t, tableCount);
                    bool isEmpty = IsSparse
                        ? AddSparse<TSimd, TVector>(shape, table, embedded, ref element, end, isMasked)
                        : AddDense<TSimd, TVector>(shape, table, embedded, rows.Dense + ((nint)row * inputCount) + shape.First, isMasked);
                    if (isEmpty)
                    {
                        Add<TSimd, TVector>(table + ((nint)shape.Categories * shape.Dimension), embedded, 1, shape.Dimension);
                    }

                    next = shape.End;
                    table += shape.Length;
                    embedded += shape.Dimension;
                }

                CopyOthers(row, output, next, inputCount, ref element, end, copies);
            }
        }

        // Columns that belong to no table have no parameters before them, so that only the way forward has something to do with them.
        private float* CopyOthers(int row, float* output, int first, int last, ref int element, int end, bool copies)
        {
            if (IsSparse)
            {
                for (; element < end && rows.Columns[element] < last; element++)
                {
                    if (copies)
                    {
                        output[rows.Columns[element] - first] = rows.Values[element];
                    }
                }
            }
            else if (copies)
            {
                new ReadOnlySpan<float>(rows.Dense + ((nint)row * inputCount) + first, last - first).CopyTo(new Span<float>(output, last - first));
            }

            return output + (last - first);
        }

        // Both return whether the table's last row takes the place of what there is.
        private bool AddSparse<TSimd, TVector>(EmbeddingTable shape, float* table, float* embedded, ref int element, int end, bool isMasked)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            bool isEmpty = true;
            for (; element < end && rows.Columns[element] < shape.End; element++)
            {
                if (isMasked || rows.Values[element] == 0)
                {
                    continue;
                }

                Add<TSimd, TVector>(table + ((nint)(rows.Columns[element] - shape.First) * shape.Dimension), embedded, rows.Values[element], shape.Dimension);
                isEmpty = false;
            }

            return isEmpty;
        }

        private bool AddDense<TSimd, TVector>(EmbeddingTable shape, float* table, float* embedded, float* input, bool isMasked)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            bool isEmpty = true;
            for (int category = 0; category < shape.Categories && !isMasked; category++)
            {
                // A search by bits is one over vectors; it finds negative zeros too.
                int found = new ReadOnlySpan<uint>(input + category, shape.Categories - category).IndexOfAnyExcept(0u);
                if (found < 0)
                {
                    break;
                }

                category += found;
                if (input[category] == 0)
                {
                    continue;
                }

                Add<TSimd, TVector>(table + ((nint)category * shape.Dimension), embedded, input[category], shape.Dimension);
                isEmpty = false;
            }

            return isEmpty;
        }

        private void Add<TSimd, TVector>(float* tableRow, float* embedded, float value, int dimension)
            where TSimd : ISimd<TVector, float>
            where TVector : struct
        {
            float* source = isForward ? tableRow : embedded;
            float* destination = isForward ? embedded : tableRow;
            TVector factor = TSimd.Broadcast(value);
            for (int i = 0; i < dimension; i += TSimd.Width)
            {
                TVector lanes = TSimd.Mask(Math.Min(TSimd.Width, dimension - i));
                TVector sum = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(source + i, lanes), factor, TSimd.LoadMasked(destination + i, lanes));
                TSimd.StoreMasked(destination + i, lanes, sum);
            }
        }
    }
}
