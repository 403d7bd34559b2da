using System;

namespace MLNet.LrSchedule.Benchmarks.Peers;

/// <summary>What a number of runs from the same start took, and where they ended.</summary>
/// <param name="Seconds">Time of a run.</param>
/// <param name="Loss">The mean loss over the training rows after the last run.</param>
internal readonly record struct PeerRun(double Seconds, double Loss);

/// <summary>One implementation with one number of threads, ready to train.</summary>
internal interface IContestant : IDisposable
{
    string Name { get; }

    /// <summary>Versions, of itself and of what it multiplies matrices with.</summary>
    string Version { get; }

    int Threads { get; }

    /// <summary>Trains the workload from the same start so many times, one after the other.</summary>
    PeerRun Run(PeerWorkload workload, int times);
}
