using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Threads that a run is done with, parked for the next one, as in cross-validation or when a fit is tried again: starting and ending them takes half a millisecond, a hundredth of a
/// short run. Never more of them are kept than there are processors besides the caller's.
/// </summary>
internal static class WorkerPools
{
    private static readonly List<WorkerPool> _idle = [];

    /// <summary>So many threads, to be given back.</summary>
    public static WorkerPool Take(int workers)
    {
        lock (_idle)
        {
            int index = _idle.FindIndex(pool => pool.Workers == workers);
            if (index >= 0)
            {
                WorkerPool pool = _idle[index];
                _idle.RemoveAt(index);
                return pool;
            }
        }

        return new WorkerPool(workers);
    }

    /// <summary>Keeps threads that have no job, or ends them.</summary>
    public static void Give(WorkerPool pool)
    {
        lock (_idle)
        {
            if (_idle.Sum(idle => idle.Workers) + pool.Workers < Environment.ProcessorCount)
            {
                _idle.Add(pool);
                return;
            }
        }

        pool.Dispose();
    }
}
