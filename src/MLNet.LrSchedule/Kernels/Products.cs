using System;
using System.Runtime.Intrinsics;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Chooses how a product runs: the vector width of the context, and the loops that fit its shape.</summary>
internal static unsafe class Products
{
    // Below some ten microseconds of one thread, handing out work and fetching what the other thread has written costs more than it saves; the second
    // where threads are far from each other.
    private const double MinParallelSteps = 1 << 18;
    private const double MinFarParallelSteps = 1 << 22;

    // With so few steps for each number that is read or written, as in small batches, one thread is done before two that are far from each other have handed over what either has changed. More
    // numbers come from memory in any case.
    private const double MinFarStepsPerNumber = 24;
    private const double MaxHandedOver = 1 << 20;

    /// <summary>Whether a product of so many rows and columns, where it is divided, is divided by columns.</summary>
    public static bool DividesColumns(int rows, int columns) => columns > rows;

    /// <summary>Whether threads that are far from each other leave a product to one of them. The three sizes may be in any order.</summary>
    public static bool StaysWithOneFarThread(int rows, int columns, int depth)
    {
        double steps = (double)rows * columns * depth;
        double numbers = ((double)rows * columns) + ((double)rows * depth) + ((double)columns * depth);
        return steps < MinFarParallelSteps || (steps < MinFarStepsPerNumber * numbers && numbers < MaxHandedOver);
    }

    /// <summary>
    /// Whether threads that are far from each other have each made some rows of the result of such a product. Smaller products with them are divided as well then: to fetch the rows of the others takes longer than
    /// to multiply them.
    /// </summary>
    public static bool SharesRowsOfResult(int rows, int columns, int depth) => !DividesColumns(rows, columns) && !StaysWithOneFarThread(rows, columns, depth);

    public static void Multiply(KernelContext context, in GemmProblem problem)
    {
        switch (context.VectorWidth)
        {
            case VectorWidth.Bits512:
                Multiply<Simd512, Vector512<float>>(context, problem);
                break;
            case VectorWidth.Bits256:
                Multiply<Simd256, Vector256<float>>(context, problem);
                break;
            case VectorWidth.Bits128:
                Multiply<Simd128, Vector128<float>>(context, problem);
                break;
            default:
                Multiply<ScalarSingle, float>(context, problem);
                break;
        }
    }

    private static void Multiply<TSimd, TVector>(KernelContext context, in GemmProblem problem)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        if (problem.Rows == 0 || problem.Columns == 0)
        {
            AddUp<TSimd, TVector>(problem);
            return;
        }

        // Only tiles update.
        bool hasUpdate = problem.Finish.Update != null;
        if (!hasUpdate && problem.Columns == 1 && problem.LeftStepStride == 1 && (problem.RightTransposed || problem.RightStride == 1))
        {
            ColumnProduct.Run(
                problem.Left, problem.LeftRowStride, problem.Right, *problem.Start, problem.Result, problem.ResultStride, problem.Rows, problem.Depth);
            problem.Finish.Apply(problem.Result, problem.ResultStride, problem.Rows, 1);
            AddUp<TSimd, TVector>(problem);
            return;
        }

        if (!hasUpdate && problem.Rows == 1 && !problem.RightTransposed)
        {
            RowProduct<TSimd, TVector>.Run(
                problem.Left, problem.LeftStepStride, problem.Right, problem.RightStride, problem.Start, problem.Result, problem.Columns, problem.Depth);
            problem.Finish.Apply(problem.Result, problem.ResultStride, 1, problem.Columns);
            AddUp<TSimd, TVector>(problem);
            return;
        }

        int chunks = Chunks(context, problem);
        if (chunks == 1)
        {
            RunPart<TSimd, TVector>(context, problem, 0);
            return;
        }

        Split split = new(problem, chunks, GemmPanels<TSimd, TVector>.Columns);
        context.Run(&RunChunk<TSimd, TVector>, &split, chunks);
        if (problem.Finish.Sums != null && !split.ByColumns)
        {
            ReductionKernels.ColumnSums(context, problem.Result, problem.Finish.Sums, problem.Rows, problem.Columns);
        }
    }

    // The result is divided, never the depth: no sum is ever joined from two threads.
    private static void RunChunk<TSimd, TVector>(KernelContext context, void* state, int chunk, int thread)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        RunPart<TSimd, TVector>(context, ((Split*)state)->Part(chunk), thread);
    }

    private static void RunPart<TSimd, TVector>(KernelContext context, in GemmProblem problem, int thread)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        bool packs = PackedGemm<TSimd, TVector>.Pays(problem, context.Blocking);
        if (problem.Finish.Update != null)
        {
            RunUpdate<TSimd, TVector>(context, problem, packs, thread);
            return;
        }

        bool tilesAddUp = problem.Finish.TilesAddUp && (packs || Gemm<TSimd, TVector>.FinishesBlocks(problem));
        if (tilesAddUp)
        {
            new Span<float>(problem.Finish.Sums, problem.Columns).Clear();
        }

        RunTiles<TSimd, TVector>(context, problem, packs, thread);
        if (!tilesAddUp)
        {
            AddUp<TSimd, TVector>(problem);
        }
    }

    private static void RunUpdate<TSimd, TVector>(KernelContext context, in GemmProblem problem, bool packs, int thread)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        float* differences = stackalloc float[TSimd.Width];
        TSimd.Store(differences, TSimd.Constant(0));
        GemmProblem update = problem;
        update.Finish.Differences = differences;
        RunTiles<TSimd, TVector>(context, update, packs, thread);
        if (new ReadOnlySpan<float>(differences, TSimd.Width).ContainsAnyExcept(0f))
        {
            Volatile.Write(ref problem.Finish.Update->IsDivergent, 1);
        }
    }

    private static void RunTiles<TSimd, TVector>(KernelContext context, in GemmProblem problem, bool packs, int thread)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        if (packs)
        {
            PackedGemm<TSimd, TVector>.Run(context.Packing(thread), problem, context.Blocking);
            return;
        }

        Gemm<TSimd, TVector>.Run(context.Packing(thread), problem, context.Blocking);
    }

    // What no tile has added up.
    private static void AddUp<TSimd, TVector>(in GemmProblem problem)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        if (problem.Finish.Sums != null)
        {
            ReductionKernels.ColumnSums<TSimd, TVector>(problem.Result, problem.Finish.Sums, problem.Rows, problem.Columns, (int)problem.ResultStride);
        }
    }

    private static int Chunks(KernelContext context, in GemmProblem problem)
    {
        bool isSmall = context.MaxThreads == 1
            || (double)problem.Rows * problem.Columns * problem.Depth < MinParallelSteps
            || (!problem.HasSharedRows && StaysWithOneFarThread(problem.Rows, problem.Columns, problem.Depth) && context.ThreadsAreFar);
        return isSmall ? 1 : context.MaxThreads;
    }

    /// <summary>
    /// A product cut along its longer side, in multiples of a panel of columns or of single rows. Rows where there is a choice: the parts of a result are then
    /// whole runs of memory. Columns, if their parts are equal, where tiles add them up and that saves more reading than it costs: each thread adds up what it has just written. The gradient
    /// of weights is cut as the product with these weights was, so that threads that are far from each other also update what they multiply: memory that two cores have read costs either of them
    /// several times as much to write.
    /// </summary>
    private readonly struct Split
    {
        private readonly GemmProblem _problem;
        private readonly int _length;
        public Split(in GemmProblem problem, int chunks, int panelColumns)
        {
            _problem = problem;
            ByColumns = ((problem.FollowsColumns || DividesColumns(problem.Rows, problem.Columns)) && problem.Columns >= chunks * panelColumns)
                || (problem.Columns % (chunks * panelColumns) == 0 && SumsDivideColumns(problem, chunks));
            _length = ByColumns
                ? ((problem.Columns + (chunks * panelColumns) - 1) / (chunks * panelColumns)) * panelColumns
                : (problem.Rows + chunks - 1) / chunks;
        }

        public bool ByColumns { get; }

        // Compares what a thread reads more where it has all rows of some columns and not some rows of all columns, with what it otherwise reads to add up its share of the columns of all rows, of
        // which others have written most.
        private static bool SumsDivideColumns(in GemmProblem problem, int chunks) =>
            problem.Finish.TilesAddUp
            && (double)problem.Depth * (problem.Rows - problem.Columns) * (chunks - 1) < (double)problem.Rows * problem.Columns;

        public GemmProblem Part(int chunk)
        {
            int total = ByColumns ? _problem.Columns : _problem.Rows;
            int first = Math.Min(total, chunk * _length);
            int count = Math.Min(_length, total - first);
            if (ByColumns)
            {
                return _problem.SliceColumns(first, count);
            }

            GemmProblem part = _problem.SliceRows(first, count);
            part.Finish.Sums = null;
            return part;
        }
    }
}
