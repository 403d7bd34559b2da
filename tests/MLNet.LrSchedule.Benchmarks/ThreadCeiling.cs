using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.LrSchedule.Benchmarks.Peers;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>
/// What a machine gives several threads at best: how many times as fast as one they are where they share nothing but the end of each piece of work, and what it
/// costs them to write memory that another of them wrote last. Run by <c>-- threads [number of threads]</c>.
/// </summary>
internal static unsafe class ThreadCeiling
{
    private const int Rounds = 15;

    // Floating-point steps that take some ten microseconds.
    private const int UnitSteps = 3_000;

    // 1 MB, which the second-level cache of one core holds.
    private const int Length = 1 << 18;

    private const int Passes = 200;

    public static int Run(string[] arguments)
    {
        int threads = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 2;
        using KernelContext one = new(1), all = new(threads);
        Console.WriteLine($"{threads} threads run {(all.ThreadsAreFar ? "far from each other: small work is not" : "near each other: small work is")} divided");
        foreach (int units in new[] { 5, 50, 500 })
            Compare(one, all, units);
        FloatBuffer numbers = new(Length);
        WriteInTurns(all, numbers, isSwapped: false);
        double own = Medians.Of(Enumerable.Range(0, Rounds).Select(_ => WriteInTurns(all, numbers, isSwapped: false)));
        double others = Medians.Of(Enumerable.Range(0, Rounds).Select(_ => WriteInTurns(all, numbers, isSwapped: true)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Length:N0} numbers read and written by {threads} threads: {own * 1e6:F0} us where each has its own part every time, {others * 1e6:F0} us where the parts change hands"));
        return 0;
    }

    private static void Compare(KernelContext one, KernelContext all, int units)
    {
        int steps = units * UnitSteps, pieces = Math.Max(1, 5_000 / units);
        double[] ratios = new double[Rounds + 1];
        double pieceSeconds = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            double alone = Time(one, steps, pieces, chunks: 1), together = Time(all, steps, pieces, all.MaxThreads);
            ratios[round] = all.MaxThreads * alone / together;
            pieceSeconds = alone / pieces;
        }

        // The first round is the compiler's.
        double[] measured = ratios[1..];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{all.MaxThreads} threads in step, pieces of {pieceSeconds * 1e6:F0} us of multiply-adds: {Medians.Of(measured):F2} times one thread ({measured.Min():F2} to {measured.Max():F2})"));
    }

    private static double Time(KernelContext context, int steps, int pieces, int chunks)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < pieces; i++)
            context.Run(&Multiply, &steps, chunks);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Multiply(KernelContext context, void* state, int chunk, int thread) => KernelPeak.Multiply(*(int*)state);

    private static double WriteInTurns(KernelContext context, FloatBuffer numbers, bool isSwapped)
    {
        long start = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < Passes; pass++)
        {
            Pass job = new() { Numbers = numbers.Pointer, Parts = context.MaxThreads, Shift = isSwapped ? pass : 0 };
            context.Run(&Write, &job, context.MaxThreads);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Passes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(KernelContext context, void* state, int chunk, int thread)
    {
        Pass* pass = (Pass*)state;
        int part = (chunk + pass->Shift) % pass->Parts, length = Length / pass->Parts;
        float* numbers = pass->Numbers + (part * length);
        for (int i = 0; i < length; i += Vector256<float>.Count)
            Vector256.Store(Vector256.Load(numbers + i) + Vector256<float>.One, numbers + i);
    }

    private struct Pass
    {
        public float* Numbers;
        public int Parts;
        public int Shift;
    }
}
