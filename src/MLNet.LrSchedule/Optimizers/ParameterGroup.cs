using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>A run of parameters that are updated alike: the weights, or the biases, of one layer.</summary>
/// <param name="Offset">Where they begin in the parameters' buffer.</param>
/// <param name="Length">How many they are.</param>
/// <param name="IsDecayed">Whether weight decay and the L2 penalty act on them.</param>
/// <param name="Layer">The layer they belong to, counted from 0.</param>
internal readonly record struct ParameterGroup(int Offset, int Length, bool IsDecayed = true, int Layer = 0)
{
    /// <summary>
    /// Whether they are a matrix that multiplies sparse rows, of which a step reads few rows. Where threads do not divide the batch, one has these rows in its cache, and updates all of them alone
    /// unless they are many. It decides no bit.
    /// </summary>
    public bool HasSparseRows { get; init; }

    /// <summary>
    /// Whether they hold the weights that sparse rows are multiplied with, whose gradient is added to what is there: the update may leave zeros for the next batch.
    /// </summary>
    public bool HasSparseGradient { get; init; }

    /// <summary>
    /// The number of columns where the parameters are a matrix that threads divide by its columns to multiply, and to update as well where they are far from each other; 0 where they always update
    /// runs. It decides no bit.
    /// </summary>
    public int DividedColumns { get; init; }

    /// <summary>
    /// Whether they are a matrix whose products threads leave to one of them while they are far from each other: it then updates them alone, unless they are many. It decides no bit.
    /// </summary>
    public bool StaysWithOneFarThread { get; init; }

    /// <summary>What the step's learning rate is multiplied by for these parameters.</summary>
    public double RateMultiplier { get; init; } = 1;

    /// <summary>
    /// Makes one group of neighbours that are updated by the same numbers in a step, because in small networks starting an update costs more than the update.
    /// Every parameter is updated by itself, so that it decides no bit. With several threads only what one of them updates alone is joined.
    /// </summary>
    /// <param name="groups">The groups, in the order of the buffer.</param>
    /// <param name="values">The numbers of the step.</param>
    /// <param name="threads">Threads that an update may be divided among.</param>
    /// <param name="joined">Receives the groups, no more than there were.</param>
    /// <returns>How many they are now.</returns>
    public static int Join(ReadOnlySpan<ParameterGroup> groups, in StepValues values, int threads, Span<ParameterGroup> joined)
    {
        int count = 0;
        foreach (ref readonly var group in groups)
        {
            if (count > 0 && joined[count - 1].Continues(group, values, threads))
                joined[count - 1] = joined[count - 1].With(group);
            else
                joined[count++] = group;
        }

        return count;
    }

    private ParameterGroup With(in ParameterGroup next) =>
        this with { Length = Length + next.Length, HasSparseGradient = HasSparseGradient || next.HasSparseGradient };

    private bool Continues(in ParameterGroup next, in StepValues values, int threads)
    {
        bool isDecayedAlike = IsDecayed == next.IsDecayed || (values.WeightDecay == 0 && values.L2Regularization == 0);
        return Offset + Length == next.Offset && RateMultiplier == next.RateMultiplier && isDecayedAlike
            && (threads == 1 || Length + next.Length < UpdateKernels.MinParallelCount);
    }
}
