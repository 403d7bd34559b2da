using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Persistent threads that share the chunks of one job at a time with the thread that hands it out. Every thread begins with the chunk that has its own
/// number, so that a part of a matrix stays in the cache of one processor, and then helps itself to what nobody has begun, so that a job ends even if no
/// worker wakes up. Which thread computes a chunk never matters to its bits. Between jobs a worker spins for a while, then parks.
/// </summary>
/// <remarks>
/// A ticket holds the job's number and its number of chunks in one 64-bit word. A chunk is claimed by writing the job's number over an earlier one, which
/// a worker that comes late to a finished job cannot do. The fields of a job are only read by those who hold one of its chunks, and the job waits for all
/// of these.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int MaxChunks = ushort.MaxValue;

    // From one claim to the next in memory, so that threads do not share a cache line (nor the next, which is fetched with it).
    private const int ClaimStride = 16;

    // The runtime makes one spin about 40 nanoseconds long. A worker parks after half a millisecond, which is longer than what lies between the
    // products of a step; a caller who waits that long for a worker without a processor lets others run.
    private const int SpinsBeforeParking = 10_000;
    private const int SpinsBeforeYielding = 2_500;

    private readonly Thread[] _workers;
    private readonly SemaphoreSlim _wake = new(1);
    private long[] _claims;
    private KernelContext? _context;
    private delegate*<KernelContext, void*, int, int, void> _body;
    private void* _state;
    private ExceptionDispatchInfo? _failure;
    private long _ticket;
    private int _completed;
    private int _parked;
    private int _processorOfCaller;
    private long _chunksRunByWorkers;
    private volatile bool _stopping;

    /// <param name="workers">Number of threads to start, besides the caller's.</param>
    public WorkerPool(int workers)
    {
        _claims = new long[(workers + 2) * ClaimStride];
        _workers = new Thread[workers];
        _processorOfCaller = Thread.GetCurrentProcessorId();

        // What the runtime allocates once in a process, when these are first used, belongs here and not to the step in which a thread first falls asleep or moves.
        _wake.Wait();
        LinuxThreads.Prepare();
        for (int i = 0; i < workers; i++)
        {
            int index = i + 1;
            _workers[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"MLNet.LrSchedule kernels {index}" };
            _workers[i].Start();
        }
    }

    /// <summary>Number of threads, besides the caller's.</summary>
    public int Workers => _workers.Length;

    /// <summary>How many chunks workers have run since the pool began, the caller's not counted.</summary>
    public long ChunksRunByWorkers => Interlocked.Read(ref _chunksRunByWorkers);

    /// <summary>Runs body(context, state, chunk, thread) for every chunk, thread 0 being the caller, and returns when all are done. One caller at a time.</summary>
    public void Run(KernelContext context, delegate*<KernelContext, void*, int, int, void> body, void* state, int chunks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks, MaxChunks);
        if (_claims.Length < (chunks + 1) * ClaimStride)
        {
            // A worker that comes late to an earlier job finds its chunks claimed in the old array as in the new one.
            Array.Resize(ref _claims, (chunks + 1) * ClaimStride);
        }

        _context = context;
        _body = body;
        _state = state;
        _failure = null;
        _completed = 0;
        Volatile.Write(ref _processorOfCaller, Thread.GetCurrentProcessorId());
        long job = Job(Volatile.Read(ref _ticket)) + 1;
        Interlocked.Exchange(ref _ticket, (job << 16) | (uint)chunks);
        if (Volatile.Read(ref _parked) > 0)
        {
            int parked = Interlocked.Exchange(ref _parked, 0);
            if (parked > 0)
            {
                _wake.Release(parked);
            }
        }

        RunChunks(job, chunks, 0);
        for (int spins = 0; Volatile.Read(ref _completed) < chunks; spins++)
        {
            if (spins < SpinsBeforeYielding)
            {
                Thread.SpinWait(1);
                continue;
            }

            Thread.Yield();
        }

        // Threads outlive a context, which they are not to keep alive.
        _context = null;
        _failure?.Throw();
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Release(_workers.Length);
        foreach (Thread worker in _workers)
        {
            worker.Join();
        }

        _wake.Dispose();
    }

    private static long Job(long ticket) => ticket >> 16;

    private void Work(int thread)
    {
        long last = 0;
        while (!_stopping)
        {
            LeaveProcessorOfCaller();
            long ticket = WaitForJob(last);
            last = Job(ticket);
            RunChunks(last, (int)(ticket & MaxChunks), thread);
        }
    }

    // Where processors are few and busy for a moment, with a collection or with the compiler, a new thread is put on the one that its maker runs on, and stays there for ten milliseconds
    // and more after another one has become free: the kernel leaves alone what never sleeps.
    private void LeaveProcessorOfCaller()
    {
        int processor = Volatile.Read(ref _processorOfCaller);
        if (Thread.GetCurrentProcessorId() == processor && _workers.Length < Environment.ProcessorCount)
        {
            LinuxThreads.Leave(processor);
        }
    }

    private long WaitForJob(long last)
    {
        for (int spins = 0; spins < SpinsBeforeParking; spins++)
        {
            long ticket = Volatile.Read(ref _ticket);
            if (Job(ticket) != last || _stopping)
            {
                return ticket;
            }

            Thread.SpinWait(1);
        }

        // Announced first, looked up second: a job published in between either sees the announcement or is seen here.
        Interlocked.Increment(ref _parked);
        long current = Job(Interlocked.Read(ref _ticket));
        if (current == last || !WithdrawParking())
        {
            _wake.Wait();
            LeaveProcessorOfCaller();
        }

        return Volatile.Read(ref _ticket);
    }

    // False if the announcement was already taken, so that a permit of the semaphore is on its way.
    private bool WithdrawParking()
    {
        int parked = Volatile.Read(ref _parked);
        while (parked > 0)
        {
            int seen = Interlocked.CompareExchange(ref _parked, parked - 1, parked);
            if (seen == parked)
            {
                return true;
            }

            parked = seen;
        }

        return false;
    }

    private void RunChunks(long job, int chunks, int thread)
    {
        long[] claims = _claims;
        for (int i = 0; i < chunks; i++)
        {
            int chunk = (thread + i) % chunks;
            ref long claim = ref claims[(chunk + 1) * ClaimStride];
            long earlier = Volatile.Read(ref claim);
            if (earlier >= job || Interlocked.CompareExchange(ref claim, job, earlier) != earlier)
            {
                continue;
            }

            try
            {
                _body(_context!, _state, chunk, thread);
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }

            if (thread > 0)
            {
                Interlocked.Increment(ref _chunksRunByWorkers);
            }

            Interlocked.Increment(ref _completed);
        }
    }
}
