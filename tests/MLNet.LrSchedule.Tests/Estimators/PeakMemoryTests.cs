using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>What a fit holds: the features once, in single precision, and little besides. Measured in a process of its own.</summary>
public sealed class PeakMemoryTests
{
    private const int Features = 100;
    private const int RowCount = 500_000;
    private const long Megabyte = 1 << 20;

    // Parameters, gradients, momentum, a copy of the best ones, labels, row numbers, batches.
    private const long Besides = 60 * Megabyte;

    [Fact]
    public void A_fit_holds_the_feature_matrix_once_and_little_besides()
    {
        const long Matrix = (long)RowCount * Features * sizeof(float);
        long more = long.Parse(ChildProcess.Run(FitWhatIsMadeOnTheWay), CultureInfo.InvariantCulture);
        Assert.True(more < Matrix + Besides, $"The process grew by {more / Megabyte} MB, of which {Matrix / Megabyte} MB are the features.");
        Assert.True(more > Matrix / 2, $"The process grew by {more / Megabyte} MB only, so this does not see what the fit holds.");
    }

    [ChildCommand]
    internal static string FitWhatIsMadeOnTheWay(string[] arguments)
    {
        MLContext context = new(seed: 1);
        MlpOptions options = new() { HiddenLayers = [64], NumberOfEpochs = 1, BatchSize = 256, LearningRate = 0.01, Seed = 1 };
        Fit(1_000);
        using Process process = Process.GetCurrentProcess();
        GC.Collect();
        long before = Environment.WorkingSet;
        Fit(RowCount);
        process.Refresh();
        return (process.PeakWorkingSet64 - before).ToString(CultureInfo.InvariantCulture);

        void Fit(int rows)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(WideRow));
            schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
            context.BinaryClassification.Trainers.Mlp(options).Fit(context.Data.LoadFromEnumerable(Make(rows), schema));
        }
    }

    // One object for all rows, so that the data themselves take no memory.
    private static IEnumerable<WideRow> Make(int rows)
    {
        Random random = new(1);
        WideRow row = new() { Features = new float[Features] };
        for (int i = 0; i < rows; i++)
        {
            for (int feature = 0; feature < Features; feature++)
            {
                row.Features[feature] = random.NextSingle();
            }

            row.Label = row.Features[0] > 0.5f;
            yield return row;
        }
    }

    private sealed class WideRow
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
