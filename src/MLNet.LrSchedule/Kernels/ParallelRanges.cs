using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Work on independent elements, done for one range of them at a time.</summary>
internal interface IRangeWork
{
    void Run(KernelContext context, int first, int count);
}

/// <summary>Divides independent elements among the threads of a context: one range each, or one for all where the work is small.</summary>
internal static unsafe class ParallelRanges
{
    // Ranges start on whole cache lines of single-precision numbers, so that no two threads write to the same line.
    private const int Alignment = 16;

    /// <param name="context">The run's context.</param>
    /// <param name="work">What to do; it lives until this returns.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="minCount">With fewer elements than this, handing out work costs more than it saves.</param>
    /// <param name="alignment">Ranges start at a multiple of this.</param>
    public static void Run<TWork>(KernelContext context, TWork work, int count, int minCount, int alignment = Alignment)
        where TWork : struct, IRangeWork
    {
        if (context.MaxThreads == 1 || count < minCount)
        {
            work.Run(context, 0, count);
            return;
        }

        Division<TWork> division = new()
        {
            Work = work,
            Count = count,
            Length = RangeLength(context, count, alignment),
        };
        context.Run(&RunChunk<TWork>, Unsafe.AsPointer(ref division), context.MaxThreads);
    }

    /// <summary>The length of the ranges of threads, all but the last.</summary>
    public static int RangeLength(KernelContext context, int count, int alignment)
    {
        int share = (count + context.MaxThreads - 1) / context.MaxThreads;
        return (share + alignment - 1) / alignment * alignment;
    }

    private static void RunChunk<TWork>(KernelContext context, void* state, int chunk, int thread)
        where TWork : struct, IRangeWork
    {
        ref Division<TWork> division = ref Unsafe.AsRef<Division<TWork>>(state);
        int first = (int)Math.Min(division.Count, (long)chunk * division.Length);
        int count = Math.Min(division.Length, division.Count - first);
        if (count > 0)
        {
            division.Work.Run(context, first, count);
        }
    }

    private struct Division<TWork>
        where TWork : struct, IRangeWork
    {
        public TWork Work;
        public int Count;
        public int Length;
    }
}
