using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>The optimizers that options may name.</summary>
internal static class OptimizerKinds
{
    public static IReadOnlyList<Type> All { get; } = [.. typeof(Optimizer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer))).OrderBy(type => type.Name)];
}
