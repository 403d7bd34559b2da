using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>A rule that watches a metric and multiplies whatever curve runs beneath: the applied rate is the curve's value times <see cref="ReactiveState.Factor"/>.</summary>
/// <remarks>
/// <para>It is a fold: <see cref="Observe"/> takes the state and the metrics of an epoch to the next state, and keeps nothing itself. Because it multiplies
/// instead of assigning, warmup, cosine and plateau combine.</para>
/// <para>Write your own as a record deriving from this type, with a state of its own deriving from <see cref="ReactiveState"/> if it must remember anything.</para>
/// </remarks>
[JsonConverter(typeof(ReactiveScheduleConverter))]
public abstract record ReactiveSchedule
{
    /// <summary>The metric that is watched. Default <see cref="Metric.Loss"/>: the validation loss, or the training loss while there is none.</summary>
    public Metric Metric { get; init => field = value ?? throw new ArgumentNullException(nameof(Metric)); } = Metric.Loss;

    /// <summary>The state before the first epoch.</summary>
    public virtual ReactiveState Start => new FactorState();

    /// <summary>Whether the rule is a function that cannot be compared or saved.</summary>
    public bool IsOpaque => IsOpaqueItself;

    private protected virtual bool IsOpaqueItself => false;

    /// <summary>Adds the watched metric to the text of a record.</summary>
    /// <param name="builder">The text so far.</param>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append(nameof(Metric)).Append(" = ").Append(Metric);
        return true;
    }

    /// <summary>The state after an epoch.</summary>
    /// <param name="state">The state before it: <see cref="Start"/>, or what the epoch before returned.</param>
    /// <param name="metrics">What the epoch measured. If the watched metric was not measured, nothing moves.</param>
    /// <param name="baseRate">The learning rate of the curve beneath, without the factor.</param>
    /// <param name="appliedRate">The learning rate that was really used: <paramref name="baseRate"/> times the factor.</param>
    /// <exception cref="ArgumentException"><paramref name="state"/> belongs to another kind of reactive schedule.</exception>
    public abstract ReactiveState Observe(ReactiveState state, EpochMetrics metrics, double baseRate, double appliedRate);

    /// <summary>Rehearses the rule on made-up values of its metric: the factor after each epoch.</summary>
    /// <param name="metrics">One value per epoch.</param>
    /// <param name="baseRate">The constant learning rate beneath; matters only to rules with absolute limits. Default 1.</param>
    /// <returns>One factor per value, fewer if the rule asks to stop.</returns>
    public ValueList<double> Simulate(IEnumerable<double> metrics, double baseRate = 1)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return [.. Rehearse(metrics.Select((value, epoch) => EpochMetrics.Of(epoch, Metric, value)), baseRate).Select(state => state.Factor)];
    }

    /// <summary>Rehearses the rule on made-up epochs: the whole state after each, with its reason.</summary>
    /// <param name="epochs">The metrics of each epoch.</param>
    /// <param name="baseRate">The constant learning rate beneath. Default 1.</param>
    /// <returns>One state per epoch, fewer if the rule asks to stop.</returns>
    public ValueList<ReactiveState> Rehearse(IEnumerable<EpochMetrics> epochs, double baseRate = 1)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        var states = new List<ReactiveState>();
        var state = Start;
        foreach (var metrics in epochs)
        {
            state = Observe(state, metrics, baseRate, baseRate * state.Factor);
            states.Add(state);
            if (state.StopRequested)
            {
                break;
            }
        }

        return [.. states];
    }

    /// <summary>The state as this rule's own kind; a clear error for the state of another rule.</summary>
    private protected TState Own<TState>(ReactiveState state)
        where TState : ReactiveState => state as TState ?? throw new ArgumentException(
            $"{GetType().Name} needs a {typeof(TState).Name} to go on, but was given a {state?.GetType().Name ?? "null"}.", nameof(state));

    private protected string Explain(EpochMetrics metrics, double value, string occurrence, double before, double after) => string.Create(
        CultureInfo.InvariantCulture, $"epoch {metrics.Epoch}: {Named(metrics)} {value:G4} {occurrence}: factor {before:G4} -> {after:G4}");

    // "loss" stands for either loss; an explanation says which one it was.
    private protected string Named(EpochMetrics metrics) => Metric != Metric.Loss ? Metric.Name
        : metrics.ValidationLoss is null ? Metric.TrainingLoss.Name : Metric.ValidationLoss.Name;
}
