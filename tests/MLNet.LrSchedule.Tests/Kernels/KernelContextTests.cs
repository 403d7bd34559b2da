using System;
using System.Threading;
using System.Threading.Tasks;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public unsafe class KernelContextTests
{
    private static KernelContext? _contextOfRound;

    [Fact]
    public void The_widest_width_of_the_process_is_the_default()
    {
        using KernelContext context = new();
        Assert.Equal(KernelContext.AvailableWidths[^1], context.VectorWidth);
        Assert.Equal(VectorWidth.Scalar, KernelContext.AvailableWidths[0]);
    }

    [Fact]
    public void A_width_the_processor_lacks_is_refused() =>
        Assert.Throws<PlatformNotSupportedException>(() => new KernelContext(1, (VectorWidth)1024));

    [Fact]
    public void No_thread_at_all_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new KernelContext(0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_chunk_runs_once_however_often_work_is_handed_out(int threads)
    {
        using KernelContext context = new(threads);
        int* counts = stackalloc int[7];
        for (int job = 1; job <= 3000; job++)
        {
            int chunks = 1 + (job % 7);
            new Span<int>(counts, 7).Clear();
            context.Run(&CountChunk, counts, chunks);
            for (int i = 0; i < 7; i++)
            {
                Assert.Equal(i < chunks ? 1 : 0, counts[i]);
            }
        }
    }

    [Fact]
    public void Workers_wake_up_again_after_they_parked()
    {
        // Not by way of a context, which would run the chunks alone while other tests keep the processors busy.
        using KernelContext context = new(2);
        using WorkerPool pool = new(1);
        int* counts = stackalloc int[2];
        for (int job = 0; job < 20; job++)
        {
            new Span<int>(counts, 2).Clear();
            long before = pool.ChunksRunByWorkers;

            // The caller waits in its chunk until the other one has run, which only a worker can do.
            pool.Run(context, &WaitForTheOther, counts, 2);
            Assert.Equal(before + 1, pool.ChunksRunByWorkers);
            Thread.Sleep(job % 4 == 0 ? 10 : 0);
        }
    }

    [Fact]
    public void Threads_of_a_context_that_is_gone_work_for_the_next()
    {
        int[] counts = new int[8];
        for (int round = 0; round < 50; round++)
        {
            using KernelContext context = new(2);
            _contextOfRound = context;
            Assert.Equal(0, context.ChunksRunByWorkers);
            Array.Clear(counts);
            fixed (int* count = counts)
            {
                context.Run(&CountChunkOfItsContext, count, counts.Length);
            }

            Assert.All(counts, count => Assert.Equal(1, count));
            Assert.InRange(context.ChunksRunByWorkers, 0, counts.Length);
        }
    }

    [Fact]
    public void A_pool_is_given_to_one_context_at_a_time()
    {
        WorkerPool one = WorkerPools.Take(1), other = WorkerPools.Take(1);
        Assert.NotSame(one, other);
        WorkerPools.Give(one);
        WorkerPools.Give(other);
    }

    [Fact]
    public void A_worker_is_handed_the_context_of_each_job()
    {
        using KernelContext first = new(2), second = new(2);
        using WorkerPool pool = new(1);
        int* counts = stackalloc int[2];
        for (int job = 0; job < 20; job++)
        {
            _contextOfRound = job % 2 == 0 ? first : second;
            new Span<int>(counts, 2).Clear();
            pool.Run(_contextOfRound, &WaitForTheOtherInItsContext, counts, 2);
            Assert.Equal(job + 1, pool.ChunksRunByWorkers);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_thread_begins_with_the_chunk_of_its_own_number(int workers)
    {
        using KernelContext context = new(workers + 1);
        using WorkerPool pool = new(workers);
        int chunks = workers + 1;
        int* threads = stackalloc int[chunks];
        for (int job = 0; job < 50; job++)
        {
            new Span<int>(threads, chunks).Fill(-1);

            // Each chunk waits for all others, so that no thread can run two of them.
            pool.Run(context, &NoteAndWait, threads, chunks);
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                Assert.Equal(chunk, threads[chunk]);
            }
        }
    }

    [Fact]
    public void More_chunks_than_threads_all_run()
    {
        using KernelContext context = new(2);
        using WorkerPool pool = new(1);
        int* counts = stackalloc int[100];
        foreach (int chunks in new[] { 1, 100, 3, 40 })
        {
            new Span<int>(counts, 100).Clear();
            pool.Run(context, &CountChunk, counts, chunks);
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal(i < chunks ? 1 : 0, counts[i]);
            }
        }
    }

    [Fact]
    public void An_exception_of_a_chunk_reaches_the_caller_and_the_pool_goes_on()
    {
        using KernelContext context = new(2);
        Assert.Throws<InvalidOperationException>(() => context.Run(&Fail, null, 8));
        int* counts = stackalloc int[8];
        new Span<int>(counts, 8).Clear();
        context.Run(&CountChunk, counts, 8);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], new Span<int>(counts, 8).ToArray());
    }

    // How far they are is the machine's; that looking disturbs nothing is ours.
    [Fact]
    public void Threads_that_are_looked_at_go_on_working()
    {
        int* counts = stackalloc int[4];
        for (int round = 0; round < 20; round++)
        {
            using KernelContext context = new(2);
            bool isFar = context.ThreadsAreFar;
            Assert.Equal(isFar, context.ThreadsAreFar);

            // While other tests keep the processors busy, nobody is asked.
            for (int attempt = 0; !context.HasWorkers && attempt < 500; attempt++)
            {
                Thread.Sleep(25);
                _ = context.ThreadsAreFar;
            }

            Assert.True(context.HasWorkers);
            new Span<int>(counts, 4).Clear();
            context.Run(&CountChunk, counts, 4);
            Assert.Equal([1, 1, 1, 1], new Span<int>(counts, 4).ToArray());
        }
    }

    [Fact]
    public void One_thread_is_not_far_from_itself()
    {
        using KernelContext context = new(1);
        Assert.False(context.ThreadsAreFar);
        Assert.Equal(0, context.ChunksRunByWorkers);
    }

    [Fact]
    public void Products_have_the_same_bits_at_any_number_of_threads()
    {
        // Each is just large enough to be divided.
        foreach ((int rows, int inputs, int outputs) in new[] { (130, 97, 401), (401, 130, 97), (6000, 70, 10), (64, 700, 130) })
        {
            Random random = new(rows);
            float[] x = KernelCases.Numbers(random, rows * inputs);
            float[] w = KernelCases.Numbers(random, inputs * outputs);
            float[] g = KernelCases.Numbers(random, rows * outputs);
            float[][] expected = Products(1, x, w, g, rows, inputs, outputs);
            foreach (int threads in new[] { 2, 3, 5 })
            {
                float[][] actual = Products(threads, x, w, g, rows, inputs, outputs);
                for (int i = 0; i < expected.Length; i++)
                {
                    KernelCases.AssertSameBits(expected[i], actual[i], $"Product {i} of {rows} x {inputs} x {outputs} on {threads} threads");
                }
            }
        }
    }

    [Fact]
    public void Element_work_has_the_same_bits_at_any_number_of_threads()
    {
        const int Count = 200_003;
        Random random = new(31);
        float[] x = KernelCases.Numbers(random, Count);
        float[] expected = new float[Count];
        using KernelContext alone = new(1);
        ActivationKernels.Forward(alone, ActivationKind.Tanh, 0, x, expected);
        ActivationKernels.Backward(alone, ActivationKind.Tanh, 0, x, expected);
        foreach (int threads in new[] { 2, 3 })
        {
            using KernelContext context = new(threads);
            float[] actual = new float[Count];
            ActivationKernels.Forward(context, ActivationKind.Tanh, 0, x, actual);
            ActivationKernels.Backward(context, ActivationKind.Tanh, 0, x, actual);
            KernelCases.AssertSameBits(expected, actual, $"tanh on {threads} threads");
        }
    }

    [Fact]
    public void Contexts_used_at_the_same_time_do_not_disturb_each_other()
    {
        // Enough work that the products are divided.
        const int Rows = 260;
        const int Width = 130;
        float[] x = KernelCases.Numbers(new Random(1), Rows * Width);
        float[] w = KernelCases.Numbers(new Random(2), Width * Width);
        float[] expected = new float[Rows * Width];
        ReferenceKernels.Forward(x, w, [], expected, Rows, Width, Width);
        Parallel.For(0, 8, _ =>
        {
            using KernelContext context = new(2);
            float[] y = new float[Rows * Width];
            for (int i = 0; i < 50; i++)
            {
                Array.Fill(y, float.NaN);
                DenseKernels.Forward(context, x, w, [], y, Rows, Width, Width, ActivationKind.Identity, 0);
                KernelCases.AssertSameBits(expected, y, "Forward");
            }
        });
    }

    private static float[][] Products(int threads, float[] x, float[] w, float[] g, int rows, int inputs, int outputs)
    {
        using KernelContext context = new(threads);
        float[] y = new float[rows * outputs];
        float[] dw = new float[inputs * outputs];
        float[] db = new float[outputs];
        float[] dx = new float[rows * inputs];
        float[] rectified = new float[rows * outputs];
        float[] slopes = new float[rows * inputs];
        float[] sums = new float[inputs];
        DenseKernels.Forward(context, x, w, [], y, rows, inputs, outputs, ActivationKind.Tanh, 0);
        DenseKernels.Forward(context, x, w, [], rectified, rows, inputs, outputs, ActivationKind.Relu, 0);
        DenseKernels.WeightGradient(context, x, g, dw, db, rows, inputs, outputs);
        DenseKernels.InputGradient(context, g, w, dx, rows, inputs, outputs);
        DenseKernels.InputGradient(context, g, w, slopes, rows, inputs, outputs, ActivationKind.Relu, 0, x, sums);
        return [y, rectified, dw, db, dx, slopes, sums];
    }

    private static void CountChunk(KernelContext context, void* state, int chunk, int thread)
    {
        Assert.InRange(thread, 0, context.MaxThreads - 1);
        Interlocked.Increment(ref ((int*)state)[chunk]);
    }

    private static void CountChunkOfItsContext(KernelContext context, void* state, int chunk, int thread)
    {
        Assert.Same(_contextOfRound, context);
        Assert.InRange(thread, 0, 1);
        Interlocked.Increment(ref ((int*)state)[chunk]);
    }

    // The caller waits in its chunk until the other one has run, which only a worker can do.
    private static void WaitForTheOtherInItsContext(KernelContext context, void* state, int chunk, int thread)
    {
        WaitForTheOther(context, state, chunk, thread);
        Assert.Same(_contextOfRound, context);
    }

    private static void NoteAndWait(KernelContext context, void* state, int chunk, int thread)
    {
        int* threads = (int*)state;
        Volatile.Write(ref threads[chunk], thread);
        for (int other = 0; other < context.MaxThreads; other++)
        {
            while (Volatile.Read(ref threads[other]) < 0)
            {
                Thread.Yield();
            }
        }
    }

    private static void WaitForTheOther(KernelContext context, void* state, int chunk, int thread)
    {
        Volatile.Write(ref ((int*)state)[chunk], 1);
        SpinWait spin = default;
        while (Volatile.Read(ref ((int*)state)[1 - chunk]) == 0)
        {
            spin.SpinOnce();
        }
    }

    private static void Fail(KernelContext context, void* state, int chunk, int thread)
    {
        if (chunk == 5)
        {
            throw new InvalidOperationException("chunk 5");
        }
    }
}
