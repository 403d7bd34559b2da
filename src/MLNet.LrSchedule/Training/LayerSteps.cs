using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Optimizers;

namespace MLNet.LrSchedule.Training;

/// <summary>Measures how fast the layers learn, on demand: nothing is counted while training runs.</summary>
internal static class LayerSteps
{
    /// <summary>Of a larger layer, every n-th parameter is looked at, so that the measurement stays cheap beside an epoch.</summary>
    private const int MaximumSample = 1 << 12;

    /// <summary>One record per layer, of the step that the values belong to, which must be the optimizer's last.</summary>
    public static LayerStep[] Measure(ParameterOptimizer optimizer, ReadOnlySpan<ParameterGroup> groups, in StepValues values)
    {
        var steps = new List<LayerStep>();
        for (int first = 0; first < groups.Length;)
        {
            int end = first;
            long parameters = 0;
            for (; end < groups.Length && groups[end].Layer == groups[first].Layer; end++)
                parameters += groups[end].Length;
            steps.Add(new LayerStep
            {
                Layer = groups[first].Layer,
                LearningRate = values.RateOf(groups[first]),
                StepSizes = optimizer.IsAdaptive ? Quantiles(optimizer, groups[first..end], parameters, values) : null,
            });
            first = end;
        }

        return [.. steps];
    }

    private static StepSizeQuantiles Quantiles(ParameterOptimizer optimizer, ReadOnlySpan<ParameterGroup> groups, long parameters, in StepValues values)
    {
        int stride = (int)((parameters + MaximumSample - 1) / MaximumSample);
        var sizes = new List<double>(MaximumSample);
        foreach (ref readonly var group in groups)
        {
            double rate = values.RateOf(group);
            for (int i = 0; i < group.Length; i += stride)
                sizes.Add(optimizer.StepSize(group.Offset + i, rate, values));
        }

        sizes.Sort();
        return new StepSizeQuantiles
        {
            Minimum = sizes[0],
            LowerQuartile = sizes[(sizes.Count - 1) / 4],
            Median = sizes[(sizes.Count - 1) / 2],
            UpperQuartile = sizes[(sizes.Count - 1) * 3 / 4],
            Maximum = sizes[^1],
        };
    }
}
