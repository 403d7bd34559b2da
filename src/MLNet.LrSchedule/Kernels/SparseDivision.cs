namespace MLNet.LrSchedule.Kernels;

/// <summary>What of a batch of sparse rows each thread has in training.</summary>
internal enum SparseDivision
{
    /// <summary>One thread has all of it.</summary>
    None,

    /// <summary>Outputs of its own on the way forward and back; threads that are far from each other update them so as well, unless they are more than caches hold.</summary>
    Outputs,

    /// <summary>
    /// Rows of the batch on the way forward, columns on the way back and in the update, unless it is too small to be divided. Threads must read weights then that another has updated, which large batches make up for as long as
    /// the threads are near each other.
    /// </summary>
    Elements,
}
