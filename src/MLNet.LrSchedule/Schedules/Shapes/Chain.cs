using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Several changes applied in turn to one current value: at every unit each link does <c>value = floor + (value - floor) factor(n) / factor(n - 1)</c>.</summary>
/// <remarks>
/// This is how PyTorch's <c>ChainedScheduler</c> computes. While every floor is 0 it is the plain product of the factors (<see cref="Product"/>); a floor makes
/// the result depend on the order, because each link pulls whatever the others left towards its own floor.
/// </remarks>
public sealed record Chain : RecurrentSchedule
{
    /// <summary>Several changes applied in turn.</summary>
    /// <param name="initial">The value the first unit starts from; finite.</param>
    /// <param name="links">The changes, in the order they are applied; at least one.</param>
    /// <param name="per">The unit that is counted; longer than nothing.</param>
    public Chain(double initial, ValueList<ChainLink> links, Duration per)
    {
        Initial = initial;
        Links = links;
        Per = per;
    }

    /// <summary>The value the first unit starts from; finite.</summary>
    public double Initial { get; init => field = Require.Finite(value, nameof(Initial)); }

    /// <summary>The changes, in the order they are applied; at least one.</summary>
    public ValueList<ChainLink> Links
    {
        get;
        init => field = value is { Count: > 0 } && value.All(link => link is not null)
            ? value
            : throw new ArgumentException("A chain needs at least one link, and none may be missing.", nameof(Links));
    }

    /// <inheritdoc/>
    public override Duration Per { get; init => field = Require.Positive(value, nameof(Per)); }

    /// <inheritdoc/>
    protected internal override IEnumerable<Schedule> Parts => Links.Select(link => link.Factor);

    /// <inheritdoc/>
    protected override double First(TrainingRun run) =>
        Links.Aggregate(Initial, (value, link) => link.Floor + ((value - link.Floor) * FactorAt(link, 0, run)));

    /// <inheritdoc/>
    protected override double Next(long n, double previous, TrainingRun run)
    {
        var value = previous;
        foreach (var link in Links.AsSpan())
        {
            var before = FactorAt(link, n - 1, run);
            var now = FactorAt(link, n, run);

            // From a factor of 0 there is no way back by multiplication; the link then sets the value anew.
            value = link.Floor + (before == 0 ? (Initial - link.Floor) * now : (value - link.Floor) * (now / before));
        }

        return value;
    }

    private protected override RecurrentSchedule PrepareParts(TrainingRun run) =>
        this with { Links = [.. Links.Select(link => link with { Factor = link.Factor.PrepareFor(run) })] };

    internal override RunKnowledge NeedsIn(RunKnowledge window) =>
        Links.Aggregate(Per.Needs, (needs, link) => needs | link.Factor.NeedsIn(RunKnowledge.TotalSteps));

    private double FactorAt(ChainLink link, long n, TrainingRun run) => link.Factor.At(run.At(0).AtStep(n * Per.InSteps(run)));
}
