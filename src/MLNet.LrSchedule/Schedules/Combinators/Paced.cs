using System.Collections.Generic;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A schedule run through at another pace: <c>inner(progress^exponent)</c>, with the same start and end.</summary>
/// <remarks>An exponent above 1 lingers at the start, below 1 it hurries through it. timm's <c>k_decay</c>; Zhang and Li, k-decay, 2020.</remarks>
public sealed record Paced : Schedule
{
    /// <summary>A schedule run through at another pace.</summary>
    /// <param name="inner">What is run through.</param>
    /// <param name="exponent">Exponent of the share of the window that is over; finite and above 0.</param>
    public Paced(Schedule inner, double exponent)
    {
        Inner = inner;
        Exponent = exponent;
    }

    /// <summary>Exponent of the share of the window that is over; finite and above 0.</summary>
    public double Exponent { get; init => field = Require.Positive(value, nameof(Exponent)); }

    /// <summary>What is run through.</summary>
    public Schedule Inner { get; init => field = Require.NotNull(value, nameof(Inner)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => [Inner];

    /// <inheritdoc/>
    public override double At(ScheduleTime time) => Inner.At(time.AtStep(PortableMath.Pow(time.Progress, Exponent) * time.Length));

    /// <inheritdoc/>
    protected override Schedule Prepare(TrainingRun run) => this with { Inner = Inner.PrepareFor(run) };

    internal override RunKnowledge NeedsIn(RunKnowledge window) => window | Inner.NeedsIn(window);
}
