using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>Which of our names does what each library's name does, taken from the expressions that the reference curves are tested with.</summary>
public static partial class CrossReference
{
    public static IReadOnlyList<string> Libraries { get; } = ["Keras", "PyTorch", "Optax", "Timm", "Transformers", "Fastai", "ScikitLearn"];

    /// <summary>Our names, the families of reference curves they make, and the records all curves of a family are made of.</summary>
    public static IReadOnlyList<CrossReferenceRow> Rows { get; } =
    [
        new(nameof(Schedule.Constant), ["Constant"], [typeof(ConstantSchedule)]),
        new(nameof(Schedule.ConstantFactor), ["ConstantFactor"], [typeof(Sequence)]),
        new(nameof(Schedule.Linear), ["LinearRamp", "WarmupLinear"], [typeof(PolynomialDecay)]),
        new(nameof(Schedule.Polynomial), ["PolynomialDecay", "WarmupPolynomial"], [typeof(PolynomialDecay)]),
        new(nameof(Schedule.TimeBased), ["InverseTimeDecay"], [typeof(TimeBasedDecay)]),
        new(nameof(Schedule.TimeBasedCompounding), ["CompoundedTimeDecay"], [typeof(CompoundingDecay)]),
        new(nameof(Schedule.InversePower), ["InversePower"], [typeof(InversePower)]),
        new(nameof(Schedule.InverseSquareRoot), ["InverseSqrt"], [typeof(InverseSquareRootDecay)]),
        new(nameof(Schedule.Noam), ["Noam"], [typeof(InverseSquareRootDecay)]),
        new(nameof(Schedule.Exponential), ["ExponentialDecay", "WarmupExponential"], [typeof(ExponentialDecay), typeof(StepDecay), typeof(GeometricInterpolation)]),
        new(nameof(Schedule.NaturalExponential), ["NaturalExponentialDecay"], [typeof(ExponentialDecay)]),
        new(nameof(Schedule.StepDecay), ["StepDecay"], [typeof(StepDecay)]),
        new(nameof(Schedule.MultiStep), ["MultiStepDecay", "WarmupMultiStep"], [typeof(PiecewiseConstant)]),
        new(nameof(Schedule.PiecewiseConstant), ["PiecewiseConstant"], [typeof(PiecewiseConstant)]),
        new(nameof(Schedule.PiecewiseLinear), ["PiecewiseInterpolate"], [typeof(PolynomialDecay), typeof(CosineAnnealing)]),
        new(nameof(Schedule.Cosine), ["CosineDecay", "WarmupCosine"], [typeof(CosineAnnealing), typeof(CosineWave)]),
        new(nameof(Schedule.CosineWave), ["CosineAnnealing"], [typeof(CosineWave)]),
        new("Cosine.Restart", ["CosineRestarts", "WarmupCosineRestarts"], [typeof(CosineAnnealing)]),
        new(nameof(Schedule.Tanh), ["TanhDecay"], [typeof(TanhAnnealing)]),
        new(nameof(Schedule.Triangular), ["Cyclic"], [typeof(TriangularCycle)]),
        new(nameof(Schedule.OneCycle), ["OneCycle"], [typeof(Sequence), typeof(Advanced), typeof(Phase)]),
        new(nameof(Schedule.FlatCosine), ["FlatCosine"], [typeof(CosineAnnealing)]),
        new(nameof(Schedule.WarmupStableDecay), ["WarmupStableDecay"], [typeof(Sequence)]),
        new(nameof(Schedule.TriStage), ["TriStage"], [typeof(GeometricInterpolation)]),
        new(nameof(Schedule.WithWarmup), ["Warmup"], [typeof(Warmup), typeof(Sum)]),
        new(nameof(Schedule.Sigmoid), ["SigmoidDecay"], [typeof(SigmoidDecay)]),
        new(nameof(Schedule.Rex), ["Rex"], [typeof(RexDecay)]),
        new(nameof(Schedule.LinearCosine), ["LinearCosineDecay"], [typeof(LinearCosineDecay)]),
        new(nameof(Schedule.CosineLog), ["CosLog"], [typeof(CosineLog)]),
        new(nameof(Schedule.Custom), ["Lambda"], [typeof(CustomSchedule), typeof(CustomRecurrence)]),
        new(nameof(Schedule.Recurrence), ["Multiplicative"], [typeof(CustomRecurrence)]),
        new("For.Then", ["Sequential"], [typeof(Sequence)]),
        new(nameof(Chain), ["Chained"], [typeof(Chain)]),
        new(nameof(Schedule.AnnealToConstant), ["AnnealToConstant"], [typeof(PolynomialDecay), typeof(CosineAnnealing)]),
        new(nameof(Schedule.RangeTest), ["RangeTestSweep"], [typeof(GeometricInterpolation), typeof(PolynomialDecay)]),
        new(nameof(ReduceOnPlateau), ["ReduceOnPlateau"], []),
        new(nameof(NewBob), ["NewBob"], []),
        new(nameof(BoldDriver), ["BoldDriver"], []),
    ];

    /// <summary>The names of a library that make a family, in the order of the table of reference curves.</summary>
    public static IReadOnlyList<string> Cell(CrossReferenceRow row, string library) =>
    [
        .. Expressions
            .Where(expression => row.Families.Contains(expression.Family))
            .Select(expression => Door().Match(expression.Code))
            .Where(match => match.Success && match.Groups["library"].Value == library)
            .Select(match => match.Groups["name"].Value)
            .Distinct(),
    ];

    /// <summary>All families of reference curves and runs, with the expressions that make them.</summary>
    public static IReadOnlyList<(string Family, string Code)> Expressions { get; } =
    [
        .. GoldenTable.All.Values.Select(entry => (GoldenCase.All[entry.Id].Family, entry.Expression)),
        .. GoldenReactionTable.All.Values.Select(entry => (GoldenReaction.All[entry.Id].Family, entry.Expression)),
    ];

    // The outermost door is the one that makes the schedule; those inside make its parts.
    [GeneratedRegex(@"^Schedule\.From(?<library>\w+)\.(?<name>\w+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex Door();
}

/// <summary>One row: our name, the families of reference curves, and the records of which every curve of them has at least one.</summary>
public sealed record CrossReferenceRow(string Ours, IReadOnlyList<string> Families, IReadOnlyList<Type> Records);
