using System;
using System.Diagnostics;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// How far the processors of a context's threads are from each other. Where they share no cache, a line of memory takes several times as long from one to the other, and dividing
/// products of some ten microseconds makes a step slower. Virtual processors move while a run goes on, so that it is looked at again every tenth of a second.
/// </summary>
/// <remarks>
/// Two threads of an AMD Zen 5 take up a job, meet and hand it back in 0.2 to 0.3 microseconds where they share the third-level cache, and in 0.9 to 1.1 where they do not.
/// </remarks>
internal sealed unsafe class ThreadDistance(KernelContext context)
{
    private const int Meetings = 16;
    private const double FarNanoseconds = 600;
    private const long MillisecondsBetweenLooks = 100;

    // Where a look said nothing, which leaves the answer as it was.
    private const long MillisecondsToNextTry = 20;

    // Of 40 to 100 nanoseconds each. A thread that is asleep has about a millisecond to wake up, which takes a processor of a virtual machine up to three quarters of one; one that has no processor at the
    // moment is not waited for.
    private const int SpinsToWakeUp = 10_000;
    private const int MaximumSpins = 250;

    private long _nextLook = long.MinValue;
    private bool _isFar;

    /// <summary>Whether it is; as it was, where a thread has no processor and nothing can be said.</summary>
    public bool IsFar
    {
        get
        {
            long now = Environment.TickCount64;
            if (now >= _nextLook)
            {
                double? nearest = Nearest(context);
                _isFar = nearest is { } nanoseconds ? nanoseconds > FarNanoseconds : _isFar;
                _nextLook = now + (nearest is null ? MillisecondsToNextTry : MillisecondsBetweenLooks);
            }

            return _isFar;
        }
    }

    // The time in which all threads take up a job, meet and hand it back, at best; null where they do not meet. What disturbs a meeting can only make it longer.
    private static double? Nearest(KernelContext context)
    {
        double? nearest = null;
        for (int i = 0; i < Meetings; i++)
        {
            Meeting meeting = new() { Threads = context.MaxThreads, Spins = i == 0 ? SpinsToWakeUp : MaximumSpins };
            long start = Stopwatch.GetTimestamp();
            context.Run(&Meet, &meeting, context.MaxThreads);
            double nanoseconds = (Stopwatch.GetTimestamp() - start) * 1e9 / Stopwatch.Frequency;
            if (meeting.Missed > 0)
            {
                return nearest;
            }

            nearest = Math.Min(nanoseconds, nearest ?? nanoseconds);
        }

        return nearest;
    }

    private static void Meet(KernelContext context, void* state, int chunk, int thread)
    {
        Meeting* meeting = (Meeting*)state;
        Interlocked.Increment(ref meeting->Arrived);
        for (int spins = 0; Volatile.Read(ref meeting->Arrived) < meeting->Threads; spins++)
        {
            if (spins == meeting->Spins)
            {
                Interlocked.Increment(ref meeting->Missed);
                return;
            }

            Thread.SpinWait(1);
        }
    }

    private struct Meeting
    {
        public int Threads;
        public int Spins;
        public int Arrived;
        public int Missed;
    }
}
