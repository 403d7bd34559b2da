using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What the kernels of one run share: the vector width, the threads and the buffers that operands are packed into. It owns everything that may
/// allocate, so that a step allocates nothing after the first of its size. One caller at a time.
/// </summary>
internal sealed unsafe class KernelContext : IDisposable
{
    private static readonly List<VectorWidth> _availableWidths = FindAvailableWidths();

    private FloatBuffer _zeros = new(64);
    private FloatBuffer _scratch = new(64);

    /// <param name="maxThreads">The most threads a kernel may use, the caller's included; at least 1.</param>
    /// <param name="vectorWidth">The width to run at, which this processor must have; the widest it has unless given.</param>
    public KernelContext(int maxThreads = 1, VectorWidth? vectorWidth = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        MaxThreads = maxThreads;
        VectorWidth = vectorWidth ?? AvailableWidths[^1];
        if (!_availableWidths.Contains(VectorWidth))
        {
            throw new PlatformNotSupportedException($"This processor (or its settings) has no {(int)VectorWidth}-bit vectors for the kernels.");
        }
    }

    /// <summary>The widths this process can run at, narrowest first.</summary>
    public static IReadOnlyList<VectorWidth> AvailableWidths => _availableWidths;

    public VectorWidth VectorWidth { get; }

    public int MaxThreads { get; }

    /// <summary>The operands of a product on the caller's thread.</summary>
    internal PackingBuffers Packing { get; } = new();

    public void Dispose()
    {
    }

    /// <summary>At least so many zeros, never written: where a chain without a bias starts.</summary>
    internal float* Zeros(int length)
    {
        if (_zeros.Length < length)
        {
            _zeros = new FloatBuffer(length);
        }

        return _zeros.Pointer;
    }

    /// <summary>Room for a row of intermediate values. The content is undefined; the span is good until the next call.</summary>
    internal Span<float> Scratch(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new FloatBuffer(length);
        }

        return _scratch.Span[..length];
    }

    private static List<VectorWidth> FindAvailableWidths()
    {
        List<VectorWidth> widths = [VectorWidth.Scalar];
        if (Vector128.IsHardwareAccelerated)
        {
            widths.Add(VectorWidth.Bits128);
        }

        if (Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported)
        {
            widths.Add(VectorWidth.Bits256);
        }

        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            widths.Add(VectorWidth.Bits512);
        }

        return widths;
    }
}
