using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Has memory brought into the cache before it is read, where the processor cannot foresee where that will be.</summary>
internal static unsafe class CachePrefetch
{
    /// <summary>Bytes of a cache line.</summary>
    public const int LineLength = 64;

    // The memory behind them is read in order, which the processor foresees.
    private const int MaximumLines = 16;

    /// <summary>Asks for all cache lines of numbers that begin one. It may point past the end of what there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void All(float* numbers, int count)
    {
        for (int i = 0; Sse.IsSupported && i < count; i += LineLength / sizeof(float))
        {
            Sse.Prefetch0(numbers + i);
        }
    }

    /// <summary>Asks for the first cache lines of the memory and waits for nothing. Only a hint: other processors than x86 take none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin<T>(ReadOnlySpan<T> memory)
        where T : unmanaged
    {
        if (!Sse.IsSupported || memory.IsEmpty)
        {
            return;
        }

        // Memory that the collector moves meanwhile only makes the hint a wrong one.
        byte* first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));
        int length = Math.Min(memory.Length * sizeof(T), MaximumLines * LineLength);
        for (int offset = 0; offset < length; offset += LineLength)
        {
            Sse.Prefetch0(first + offset);
        }

        // Where the memory begins within a line there is one more.
        Sse.Prefetch0(first + length - 1);
    }
}
