using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Wide sparse vectors from a data view: read, trained on and scored without being spread out, with the bits of dense ones.</summary>
public sealed class SparseRowsTests
{
    private const int Width = 200;

    private readonly MLContext _context = new(seed: 1);

    private readonly MlpOptions _options = new() { HiddenLayers = [12], NumberOfEpochs = 4, LearningRate = 0.1, BatchSize = 16, Seed = 3 };

    [Fact]
    public void Trained_weights_and_scores_have_the_bits_of_the_dense_form()
    {
        SparseBinaryRow[] rows = Sparse(150);
        IDataView sparse = Load(rows), dense = Load(rows.Select(Spread));
        var fromSparse = _context.BinaryClassification.Trainers.Mlp(_options).Fit(sparse);
        var fromDense = _context.BinaryClassification.Trainers.Mlp(_options).Fit(dense);

        Assert.Equal(
            fromDense.Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()).Select(BitConverter.SingleToUInt32Bits),
            fromSparse.Model.SubModel.Layers.SelectMany(layer => layer.Weights.ToArray()).Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(Scores(fromDense.Transform(dense)), Scores(fromDense.Transform(sparse)));
        Assert.Equal(Scores(fromDense.Transform(dense)), Scores(fromSparse.Transform(dense)));
    }

    [Fact]
    public void A_network_whose_skip_adds_the_input_scores_sparse_rows_too()
    {
        SparseBinaryRow[] rows = Sparse(60);
        var options = _options with { HiddenLayers = [new MLNet.LrSchedule.Training.HiddenLayer(Width) { IsResidual = true }], NumberOfEpochs = 1 };
        var model = _context.BinaryClassification.Trainers.Mlp(options).Fit(Load(rows));
        Assert.Equal(Scores(model.Transform(Load(rows.Select(Spread)))), Scores(model.Transform(Load(rows))));
    }

    [Fact]
    public void A_missing_element_of_a_sparse_row_scores_NaN_and_an_empty_row_does_not()
    {
        var model = _context.BinaryClassification.Trainers.Mlp(_options with { Activation = Activation.Relu }).Fit(Load(Sparse(60)));
        IDataView data = Load(
        [
            new SparseBinaryRow { Features = new VBuffer<float>(Width, 2, [1f, float.NaN], [3, 150]) },
            new SparseBinaryRow { Features = new VBuffer<float>(Width, 0, [], []) },
        ]);
        float[] scores = [.. model.Transform(data).GetColumn<float>("Score")];
        Assert.True(float.IsNaN(scores[0]));
        Assert.True(float.IsFinite(scores[1]));
    }

    [Fact]
    public void Permutation_feature_importance_finds_the_columns_that_matter()
    {
        SparseBinaryRow[] rows = Sparse(300);
        IDataView data = Load(rows);
        var model = _context.BinaryClassification.Trainers.Mlp(_options with { NumberOfEpochs = 20 }).Fit(data);
        var importance = _context.BinaryClassification.PermutationFeatureImportance(model, data, permutationCount: 1);
        Assert.True(Math.Abs(importance[0].AreaUnderRocCurve.Mean) > 0.05);
    }

    [Fact]
    public void A_view_of_wide_sparse_rows_is_fitted_and_scored_within_a_gigabyte()
    {
        string[] printed = ChildProcess.Run(
            FitWide, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x40000000" }).Split(' ');
        Assert.True(long.Parse(printed[0], CultureInfo.InvariantCulture) < 1L << 30, $"{printed[0]} bytes at most in memory");
        Assert.InRange(double.Parse(printed[1], CultureInfo.InvariantCulture), 0.9, 1);
    }

    [ChildCommand]
    internal static string FitWide(string[] arguments)
    {
        const int Columns = 50_000;
        MLContext context = new(seed: 1);
        IDataView data = Rows.Load(context, Wide(20_000, Columns), Columns);
        var model = context.BinaryClassification.Trainers
            .Mlp(new MlpOptions { HiddenLayers = [64], BatchSize = 256, NumberOfEpochs = 4, LearningRate = 0.1, Seed = 1 }).Fit(data);
        double accuracy = context.BinaryClassification.Evaluate(model.Transform(data)).Accuracy;
        using Process process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64} {accuracy}");
    }

    // 40 elements each; the first of them decides the label. Made anew in every pass, so that only what is trained on is held.
    private static IEnumerable<SparseBinaryRow> Wide(int count, int width)
    {
        const int NonZeros = 40;
        Random random = new(5);
        for (int row = 0; row < count; row++)
        {
            int[] columns = [.. Enumerable.Range(0, NonZeros).Select(i => (i * (width / NonZeros)) + random.Next(width / NonZeros))];
            columns[0] %= 100;
            yield return new SparseBinaryRow
            {
                Label = columns[0] < 50,
                Features = new VBuffer<float>(width, NonZeros, [.. Enumerable.Repeat(1f, NonZeros)], columns),
            };
        }
    }

    private static uint[] Scores(IDataView scored) => [.. scored.GetColumn<float>("Score").Select(BitConverter.SingleToUInt32Bits)];

    // Column 0 decides the label.
    private static SparseBinaryRow[] Sparse(int count)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            bool label = random.Next(2) == 0;
            int[] columns = [.. Enumerable.Range(1, 9).Select(i => i * 20 + random.Next(20))];
            if (label)
                columns[0] = 0;
            return new SparseBinaryRow
            {
                Label = label,
                Features = new VBuffer<float>(Width, 9, [.. columns.Select(_ => (float)random.NextDouble() + 0.5f)], columns),
            };
        })];
    }

    private static SparseBinaryRow Spread(SparseBinaryRow row) =>
        new() { Label = row.Label, Features = new VBuffer<float>(Width, [.. row.Features.DenseValues()]) };

    private IDataView Load(IEnumerable<SparseBinaryRow> rows) => Rows.Load(_context, rows, Width);
}
