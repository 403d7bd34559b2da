using System;
using System.Threading;
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
