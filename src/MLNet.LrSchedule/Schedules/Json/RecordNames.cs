using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace MLNet.LrSchedule.Schedules;

/// <summary>The names under which the records of one family are saved: those built in, and those users register.</summary>
internal sealed class RecordNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> _names = [];

    private RecordNames(params ReadOnlySpan<(string Name, Type Type)> builtIn)
    {
        foreach (var (name, type) in builtIn)
        {
            _types.Add(name, type);
            _names.Add(type, name);
        }
    }

    public static RecordNames Schedules { get; } = new(
        ("constant", typeof(ConstantSchedule)),
        ("polynomial", typeof(PolynomialDecay)),
        ("cosine", typeof(CosineAnnealing)),
        ("cosineWave", typeof(CosineWave)),
        ("geometric", typeof(GeometricInterpolation)),
        ("inversePower", typeof(InversePower)),
        ("inverseSquareRoot", typeof(InverseSquareRootDecay)),
        ("triangular", typeof(TriangularCycle)),
        ("tanh", typeof(TanhAnnealing)),
        ("sigmoid", typeof(SigmoidDecay)),
        ("rex", typeof(RexDecay)),
        ("linearCosine", typeof(LinearCosineDecay)),
        ("cosineLog", typeof(CosineLog)),
        ("piecewiseConstant", typeof(PiecewiseConstant)),
        ("piecewise", typeof(PiecewiseInterpolated)),
        ("chain", typeof(Chain)),
        ("pace", typeof(Paced)),
        ("stretch", typeof(Stretched)),
        ("timeBased", typeof(TimeBasedDecay)),
        ("compounding", typeof(CompoundingDecay)),
        ("stepDecay", typeof(StepDecay)),
        ("exponential", typeof(ExponentialDecay)),
        ("opaque", typeof(OpaqueSchedule)),
        ("phase", typeof(Phase)),
        ("sequence", typeof(Sequence)),
        ("warmup", typeof(Warmup)),
        ("restarts", typeof(Restarts)),
        ("staircase", typeof(Staircase)),
        ("clamp", typeof(Clamped)),
        ("advance", typeof(Advanced)),
        ("product", typeof(Product)),
        ("sum", typeof(Sum)),
        ("smallest", typeof(Smallest)),
        ("largest", typeof(Largest)));

    public static RecordNames Reactive { get; } = new(
        ("reduceOnPlateau", typeof(ReduceOnPlateau)),
        ("lowerThenRaise", typeof(LowerThenRaise)),
        ("boldDriver", typeof(BoldDriver)),
        ("newBob", typeof(NewBob)),
        ("greedyUpDown", typeof(GreedyUpDown)),
        ("exponentialOfMetric", typeof(ExponentialOfMetric)),
        ("opaque", typeof(OpaqueReactiveSchedule)));

    public static RecordNames ReactiveStates { get; } = new(
        ("factor", typeof(FactorState)),
        ("plateau", typeof(PlateauState)),
        ("comparison", typeof(ComparisonState)),
        ("greedy", typeof(GreedyState)));

    public void Register(Type type, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        lock (_gate)
        {
            if (_types.TryGetValue(name, out var taken) && taken != type)
            {
                throw new ArgumentException($"The name '{name}' already belongs to {taken}.", nameof(name));
            }

            if (_names.TryGetValue(type, out var other) && other != name)
            {
                throw new ArgumentException($"{type} is already registered as '{other}'.", nameof(name));
            }

            _types[name] = type;
            _names[type] = name;
        }
    }

    public bool TryGetType(string name, [NotNullWhen(true)] out Type? type)
    {
        lock (_gate)
        {
            return _types.TryGetValue(name, out type);
        }
    }

    public bool TryGetName(Type type, [NotNullWhen(true)] out string? name)
    {
        lock (_gate)
        {
            return _names.TryGetValue(type, out name);
        }
    }
}
