using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Single-precision storage that starts on a 64-byte boundary (a cache line, and the widest vector) and never moves: an array on the pinned heap, so
/// that nothing needs to be released and pointers stay good as long as the buffer is reachable, or a part of a <see cref="RunMemory"/>.
/// </summary>
internal sealed unsafe class FloatBuffer
{
    private const int Alignment = 64;

    // What buffers of no length share: a context has two for each thread that it may use, and the pinned heap takes a tenth of a microsecond for each.
    private static readonly float[] _nothing = GC.AllocateArray<float>(Padded(0), pinned: true);

    private readonly float[] _array;
    private readonly int _offset;
    private readonly PageMemory? _pages;

    /// <summary>An array of zeros.</summary>
    /// <param name="length">Number of elements; zero or more.</param>
    public FloatBuffer(int length)
        : this(length == 0 ? _nothing : GC.AllocateArray<float>(Padded(length), pinned: true), length)
    {
    }

    /// <summary>All of a piece of memory, for as long as that is there.</summary>
    public FloatBuffer(PageMemory pages)
    {
        _array = [];
        _pages = pages;
        Length = checked((int)pages.Length);
    }

    private FloatBuffer(float[] array, int length)
    {
        _array = array;
        float* first = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        _offset = (int)((0 - (nuint)first) % Alignment) / sizeof(float);
        Length = length;
        PageMemory.AskForHugePages(first, (nuint)array.Length * sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => _pages is null ? _array.AsSpan(_offset, Length) : new Span<float>(_pages.Pointer, Length);

    /// <summary>The first element. Valid only while this buffer is reachable.</summary>
    public float* Pointer => _pages is null ? (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_array, _offset) : _pages.Pointer;

    /// <summary>An array whose content is undefined.</summary>
    /// <param name="length">Number of elements; zero or more.</param>
    public static FloatBuffer Undefined(int length) =>
        new(length == 0 ? _nothing : GC.AllocateUninitializedArray<float>(Padded(length), pinned: true), length);

    private static int Padded(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return checked(length + (Alignment / sizeof(float)));
    }
}
