using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>On which processors the Linux kernel runs a thread.</summary>
internal static unsafe partial class LinuxThreads
{
    private const int MaskWords = 16;
    private const int BitsOfWord = 64;

    /// <summary>
    /// Moves the calling thread to another of the processors that it may run on, where there is one; afterwards it may run on all of them again. Where the kernel
    /// refuses, and elsewhere than on Linux, the thread stays where it is.
    /// </summary>
    /// <param name="processor">The processor that is to be left.</param>
    public static void Leave(int processor)
    {
        if (!LinuxMemory.IsAvailable || processor < 0 || processor >= MaskWords * BitsOfWord)
        {
            return;
        }

        ulong* allowed = stackalloc ulong[MaskWords];
        ulong* others = stackalloc ulong[MaskWords];
        Span<ulong> mask = new(others, MaskWords);
        new Span<ulong>(allowed, MaskWords).Clear();
        if (GetAffinity(0, MaskWords * sizeof(ulong), allowed) != 0)
        {
            return;
        }

        new Span<ulong>(allowed, MaskWords).CopyTo(mask);
        mask[processor / BitsOfWord] &= ~(1UL << (processor % BitsOfWord));
        if (mask.ContainsAnyExcept(0UL) && SetAffinity(0, MaskWords * sizeof(ulong), others) == 0)
        {
            _ = SetAffinity(0, MaskWords * sizeof(ulong), allowed);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
