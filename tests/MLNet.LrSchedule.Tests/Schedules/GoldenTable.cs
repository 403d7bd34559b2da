using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Tests.Schedules;

/// <summary>Which expression of the public API makes which golden case. The cross-reference in the documentation is generated from it.</summary>
public static partial class GoldenTable
{
    public static IReadOnlyDictionary<string, GoldenEntry> All { get; } =
        ((IEnumerable<GoldenEntry>)[.. Tutorial, .. Keras, .. PyTorch, .. PyTorchCycles, .. PyTorchCompositions, .. Optax, .. Timm, .. Transformers, .. Fastai, .. ScikitLearn, .. Pytabkit, .. Literature])
        .ToDictionary(entry => entry.Id);

    private static GoldenEntry Case(
        string id,
        Schedule schedule,
        Schedule? momentum = null,
        TrainingRun? run = null,
        IReadOnlyList<GoldenDeviation>? deviations = null,
        [CallerArgumentExpression(nameof(schedule))] string expression = "") => new(id, schedule, expression, momentum, run, deviations ?? []);
}
