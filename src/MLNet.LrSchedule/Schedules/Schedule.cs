using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>
/// A value that changes over the course of training: a learning rate, a momentum, a weight decay. An immutable, pure function of training time.
/// </summary>
/// <remarks>
/// <para>A schedule returns the absolute value, in the unit of whatever it schedules, for the update about to be applied. A plain number is a schedule too
/// (<c>LearningRate = 0.1</c>). Shapes such as <see cref="Cosine(double, double)"/> have no length of their own and span the window they are given: the run, or
/// what a combinator such as <see cref="For(Duration)"/> or <see cref="WithWarmup(Duration, double)"/> leaves them.</para>
/// <para>Write your own as a lambda (<see cref="Custom(Func{ScheduleTime, double})"/>), or as a record deriving from this type, which can be compared and, once
/// registered, saved.</para>
/// </remarks>
/// <example><code>
/// public sealed record Sawtooth(double Low, double High, Duration Period) : Schedule
/// {
///     public override double At(ScheduleTime time) => High - (High - Low) * (time.Step / Period.InSteps(time.Run) % 1);
/// }
/// </code></example>
[JsonConverter(typeof(ScheduleConverter))]
public abstract partial record Schedule
{
    /// <summary>The value for the update at <paramref name="time"/>.</summary>
    /// <param name="time">The moment, from <see cref="TrainingRun.At(long)"/> or, inside a combinator, from <see cref="ScheduleTime.Window"/>.</param>
    public abstract double At(ScheduleTime time);

    /// <summary>An equal schedule that answers fast for this run: whatever has to be worked out once (recurrences, cycle starts, splines) is worked out now.</summary>
    /// <param name="run">The run about to start.</param>
    /// <returns>A schedule with the same value at every moment of <paramref name="run"/>, to the bit. It is for asking, not for saving or comparing.</returns>
    /// <remarks>A training loop calls this once and then <see cref="At"/> with <see cref="TrainingRun.At(long)"/> for every step, which allocates nothing.</remarks>
    public Schedule PrepareFor(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Prepare(run);
    }

    /// <summary>Works out once what this schedule would otherwise work out at every step; a combinator prepares its parts.</summary>
    /// <param name="run">The run about to start.</param>
    /// <returns>This schedule, or a faster one with the same values at every moment of <paramref name="run"/>, to the bit.</returns>
    /// <remarks>A schedule without such work need not override this.</remarks>
    protected virtual Schedule Prepare(TrainingRun run) => this;

    /// <summary>The schedules this one is made of; none for a shape.</summary>
    protected internal virtual IEnumerable<Schedule> Parts => [];

    /// <summary>Whether some part of the schedule is a function that cannot be compared or saved, such as a lambda.</summary>
    /// <remarks>A model trained with an opaque schedule loads and predicts as ever; only resuming its training asks for the schedule again.</remarks>
    public bool IsOpaque => IsOpaqueItself || Parts.Any(part => part.IsOpaque);

    /// <summary>Whether the values depend on how many steps the run has, because of a fraction or of a shape that spans the run.</summary>
    /// <remarks>True for functions and for records of your own, which may look at anything.</remarks>
    public bool NeedsTotalSteps => NeedsIn(RunKnowledge.TotalSteps).HasFlag(RunKnowledge.TotalSteps);

    /// <summary>Whether the values depend on how many steps an epoch has, because of a length in epochs.</summary>
    /// <remarks>True for functions and for records of your own, which may look at anything.</remarks>
    public bool NeedsStepsPerEpoch => NeedsIn(RunKnowledge.None).HasFlag(RunKnowledge.StepsPerEpoch);

    /// <summary>What seems wrong with this schedule in a run of this length, for example a decay that ends after the run; one sentence for each.</summary>
    /// <param name="run">The run about to start.</param>
    /// <returns>Sentences that name both lengths; none if all is well.</returns>
    public IReadOnlyList<string> WarningsFor(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var window = new RunWindow(run, run.TotalSteps, []);
        WarnIn(window);
        return window.Warnings;
    }

    private protected virtual bool IsOpaqueItself => false;

    // What the values depend on, given what the length of the window depends on.
    internal virtual RunKnowledge NeedsIn(RunKnowledge window) => RunKnowledge.All;

    internal virtual void WarnIn(RunWindow window)
    {
        foreach (var part in Parts)
        {
            part.WarnIn(window);
        }
    }

    /// <summary>Adds nothing to the text of a record: what can be asked of every schedule is no part of it.</summary>
    /// <param name="builder">The text so far.</param>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>A number is a schedule: the constant one.</summary>
    /// <param name="value">The value at every moment; finite.</param>
    public static implicit operator Schedule(double value) => new ConstantSchedule(value);

    /// <summary>The product of two schedules, value by value. <c>schedule * 0.1</c> scales.</summary>
    public static Schedule operator *(Schedule left, Schedule right) => new Product(left, right);

    /// <summary>The sum of two schedules, value by value.</summary>
    public static Schedule operator +(Schedule left, Schedule right) => new Sum(left, right);
}
