using System;


namespace MLNet.LrSchedule.Schedules;

/// <summary>Cosine waves that get longer: <c>peak (1 - cos(2 pi log_base(growth^phase + (growth^cycles - growth^phase) progress))) / 2</c>.</summary>
/// <remarks>
/// With phase 0 the value is 0 at step 0, so the very first update changes nothing; with phase 1/2 it starts at the peak. It ends at 0.
/// RealMLP's default has 4 cycles: Holzmüller, Grinsztajn and Steinwart, Better by Default, NeurIPS 2024.
/// </remarks>
public sealed record CosineLog : WindowShape
{
    /// <summary>Cosine waves that get longer: <c>peak (1 - cos(2 pi log_base(growth^phase + (growth^cycles - growth^phase) progress))) / 2</c>.</summary>
    /// <param name="peak">Value at the top of each wave; finite.</param>
    /// <param name="cycles">Where the logarithm ends: the number of waves if the phase is 0; at least 1.</param>
    /// <param name="growth">Length of each wave relative to the one before; finite and above 1. Default 2.</param>
    /// <param name="phase">Where the first wave starts, in waves; at least 0 and below 1. Default 0.</param>
    public CosineLog(double peak, int cycles, double growth = 2, double phase = 0)
    {
        Peak = peak;
        Cycles = cycles;
        Growth = growth;
        Phase = phase;
    }

    /// <summary>Value at the top of each wave; finite.</summary>
    public double Peak { get; init => field = Require.Finite(value, nameof(Peak)); }

    /// <summary>Where the logarithm ends: the number of waves if the phase is 0; at least 1.</summary>
    public int Cycles { get; init => field = Require.AtLeast(value, 1, nameof(Cycles)); }

    /// <summary>Length of each wave relative to the one before; finite and above 1. Default 2.</summary>
    public double Growth
    {
        get;
        init => field = double.IsFinite(value) && value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(Growth), value, "Growth must be finite and above 1.");
    }

    /// <summary>Where the first wave starts, in waves; at least 0 and below 1. Default 0.</summary>
    public double Phase
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Phase), value, "Phase must be at least 0 and below 1.");
    }

    /// <inheritdoc/>
    protected override double AtProgress(double progress)
    {
        var start = PortableMath.Pow(Growth, Phase);
        var waves = PortableMath.Log(start + ((PortableMath.Pow(Growth, Cycles) - start) * progress), Growth);
        return Peak * (1 - PortableMath.CosPi(2 * waves)) / 2;
    }
}
