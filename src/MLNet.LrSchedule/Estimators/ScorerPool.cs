using System;
using System.Threading;

namespace MLNet.LrSchedule;

/// <summary>
/// The scorers of a predictor: as many as there ever were calls at the same time. Taking and giving back is one atomic operation each, without a
/// lock, and allocates only where more calls overlap than ever before.
/// </summary>
internal sealed class ScorerPool(Func<PooledScorer> make)
{
    // Only ever replaced by a longer array with the same scorers in front.
    private PooledScorer[] _scorers = [];

    /// <summary>Takes a scorer that no other call has; <see cref="PooledScorer.Return"/> gives it back.</summary>
    public PooledScorer Rent()
    {
        PooledScorer[] scorers = Volatile.Read(ref _scorers);

        // Threads begin at different places, so that they rarely meet and each finds its buffers in its own cache.
        int place = scorers.Length == 0 ? 0 : (int)((uint)Environment.CurrentManagedThreadId % (uint)scorers.Length);
        for (int i = 0; i < scorers.Length; i++)
        {
            if (scorers[place].TryTake())
            {
                return scorers[place];
            }

            place = place + 1 == scorers.Length ? 0 : place + 1;
        }

        return Add();
    }

    private PooledScorer Add()
    {
        PooledScorer scorer = make();
        scorer.TryTake();
        PooledScorer[] current = Volatile.Read(ref _scorers);
        while (true)
        {
            PooledScorer[] seen = Interlocked.CompareExchange(ref _scorers, [.. current, scorer], current);
            if (seen == current)
            {
                return scorer;
            }

            current = seen;
        }
    }
}

/// <summary>A scorer that one call at a time has for itself.</summary>
internal sealed class PooledScorer(ITrainedModel model)
{
    private int _isTaken;

    public RowScorer Rows { get; } = model.MakeRowScorer();

    /// <summary>Room for one row of outputs.</summary>
    public float[] Outputs { get; } = new float[model.Content.Network.Outputs];

    public bool TryTake() => Volatile.Read(ref _isTaken) == 0 && Interlocked.Exchange(ref _isTaken, 1) == 0;

    public void Return() => Volatile.Write(ref _isTaken, 0);
}
