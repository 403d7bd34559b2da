using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Single-precision storage that starts on a 64-byte boundary (a cache line, and the widest vector) and never moves: an array on the pinned heap, so
/// that nothing needs to be released and pointers stay good as long as the buffer is reachable. It starts as zeros.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Alignment = 64;

    private readonly float[] _array;
    private readonly int _offset;

    /// <param name="length">Number of elements; zero or more.</param>
    public FloatBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _array = GC.AllocateArray<float>(checked(length + (Alignment / sizeof(float))), pinned: true);
        nuint address = (nuint)(float*)Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        _offset = (int)((0 - address) % Alignment) / sizeof(float);
        Length = length;
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);

    /// <summary>The first element. Valid only while this buffer is reachable.</summary>
    public float* Pointer => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_array, _offset);
}
