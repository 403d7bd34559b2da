using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// What the kernels of one run share: the vector width, the threads and the buffers that operands are packed into. It owns everything that may
/// allocate, so that a step allocates nothing after the first of its size. One caller at a time.
/// </summary>
internal sealed unsafe class KernelContext : IDisposable
{
    private static readonly List<VectorWidth> _availableWidths = FindAvailableWidths();

    // Threads that are inside parallel kernels anywhere in the process.
    private static int _activeThreads;

    private readonly PackingBuffers[] _packing;
    private readonly ThreadDistance _distance;
    private WorkerPool? _workers;
    private long _chunksRunBefore;
    private FloatBuffer _zeros = new(64);
    private FloatBuffer _scratch = new(64);

    /// <param name="maxThreads">The most threads a kernel may use, the caller's included; at least 1.</param>
    /// <param name="vectorWidth">The width to run at, which this processor must have; the widest it has unless given.</param>
    public KernelContext(int maxThreads = 1, VectorWidth? vectorWidth = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        MaxThreads = maxThreads;
        _distance = new ThreadDistance(this);
        _packing = new PackingBuffers[maxThreads];
        for (int i = 0; i < maxThreads; i++)
        {
            _packing[i] = new PackingBuffers(Memory);
        }

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

    /// <summary>Whether small work is better not divided, because the threads run far from each other at the moment. Decides the speed and never a bit of a result.</summary>
    public bool ThreadsAreFar => MaxThreads > 1 && (AssumesFarThreads ?? _distance.IsFar);

    /// <summary>What <see cref="ThreadsAreFar"/> is instead of what is measured, for tests that go both ways; null measures.</summary>
    public bool? AssumesFarThreads { get; init; }

    /// <summary>How products are cut and packed; tests make the blocks small.</summary>
    public GemmBlocking Blocking { get; init; } = GemmBlocking.Default;

    /// <summary>Whether it has threads besides the caller's: they are taken when work is first divided, or when it is first asked how far they are.</summary>
    public bool HasWorkers => _workers is not null;

    /// <summary>How many chunks of work threads other than the caller's have run in this context.</summary>
    public long ChunksRunByWorkers => _workers is null ? 0 : _workers.ChunksRunByWorkers - _chunksRunBefore;

    /// <summary>Buffers that live as long as this context.</summary>
    public RunMemory Memory { get; } = new();

    public void Dispose()
    {
        if (_workers is not null)
        {
            WorkerPools.Give(_workers);
        }

        _workers = null;
        Memory.Dispose();
    }

    /// <summary>The buffers of one thread of <see cref="Run"/>.</summary>
    internal PackingBuffers Packing(int thread) => _packing[thread];

    /// <summary>
    /// Runs body(context, state, chunk, thread) for every chunk, shared among the threads. Where other contexts keep the processors busy (parallel fits), the
    /// caller does it alone: more threads than processors would only wait for each other.
    /// </summary>
    internal void Run(delegate*<KernelContext, void*, int, int, void> body, void* state, int chunks)
    {
        if (MaxThreads == 1 || chunks == 1)
        {
            RunAlone(body, state, chunks);
            return;
        }

        int active = Interlocked.Add(ref _activeThreads, MaxThreads);
        int counted = MaxThreads;
        try
        {
            if (active <= Math.Max(MaxThreads, Environment.ProcessorCount))
            {
                TakeWorkers().Run(this, body, state, chunks);
                return;
            }

            Interlocked.Add(ref _activeThreads, 1 - MaxThreads);
            counted = 1;
            RunAlone(body, state, chunks);
        }
        finally
        {
            Interlocked.Add(ref _activeThreads, -counted);
        }
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

    private WorkerPool TakeWorkers()
    {
        if (_workers is null)
        {
            _workers = WorkerPools.Take(MaxThreads - 1);
            _chunksRunBefore = _workers.ChunksRunByWorkers;
        }

        return _workers;
    }

    private void RunAlone(delegate*<KernelContext, void*, int, int, void> body, void* state, int chunks)
    {
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            body(this, state, chunk, 0);
        }
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
