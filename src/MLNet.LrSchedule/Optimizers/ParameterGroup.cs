namespace MLNet.LrSchedule.Optimizers;

/// <summary>A run of parameters that are updated alike: the weights, or the biases, of one layer.</summary>
/// <param name="Offset">Where they begin in the parameters' buffer.</param>
/// <param name="Length">How many they are.</param>
/// <param name="IsDecayed">Whether weight decay and the L2 penalty act on them.</param>
/// <param name="Layer">The layer they belong to, counted from 0.</param>
internal readonly record struct ParameterGroup(int Offset, int Length, bool IsDecayed = true, int Layer = 0)
{
    /// <summary>Whether one thread updates all of them, because it alone has them in its cache. It decides no bit.</summary>
    public bool OneThread { get; init; }

    /// <summary>
    /// The number of columns where the parameters are a matrix that threads divide by its columns; 0 where they divide it as a run. It decides no bit.
    /// </summary>
    public int DividedColumns { get; init; }

    /// <summary>What the step's learning rate is multiplied by for these parameters.</summary>
    public double RateMultiplier { get; init; } = 1;
}
