namespace MLNet.LrSchedule.Kernels;

/// <summary>One dense layer as <see cref="RowForward{TSimd, TVector}"/> reads it: outputs = f(start + inputs * weights).</summary>
internal unsafe struct RowLayer
{
    /// <summary>Outputs of a layer of several take whole runs of so many columns, which are whole vectors at every width.</summary>
    public const int ColumnRun = 16;

    /// <summary>Element (input, output) is at input * Stride + output. With several outputs each row has <see cref="ColumnRun"/> columns or a multiple of it.</summary>
    public float* Weights;

    /// <summary>Where the chains start; as many as a row of the weights has columns.</summary>
    public float* Start;

    public int Stride;

    public int Inputs;

    public int Outputs;

    public ActivationKind Activation;

    public float Parameter;

    /// <summary>Whether inputs that are zero may be left out: all weights and starts are finite.</summary>
    public bool CanSkip;

    /// <summary>Whether many of the inputs can be expected to be zero.</summary>
    public bool ExpectsZeros;
}
