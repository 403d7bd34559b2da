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

        ulong* mask = stackalloc ulong[MaskWords];
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) != 0)
        {
            return;
        }

        ref ulong word = ref mask[processor / BitsOfWord];
        ulong allowed = word;
        word &= ~(1UL << (processor % BitsOfWord));
        if (new ReadOnlySpan<ulong>(mask, MaskWords).ContainsAnyExcept(0UL) && SetAffinity(0, MaskWords * sizeof(ulong), mask) == 0)
        {
            word = allowed;
            _ = SetAffinity(0, MaskWords * sizeof(ulong), mask);
        }
    }

    /// <summary>Has the runtime find what <see cref="Leave"/> calls, for which it allocates once in a process.</summary>
    public static void Prepare() => Leave((MaskWords * BitsOfWord) - 1);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
