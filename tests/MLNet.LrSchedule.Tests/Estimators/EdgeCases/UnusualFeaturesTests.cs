using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.EdgeCases;

/// <summary>Missing and infinite features in all three tasks and under every way to treat features, from memory, from a stream and from sparse rows.</summary>
public sealed class UnusualFeaturesTests
{
    public static TheoryData<string, MissingValues, FeatureScaling> All => EdgeCase.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Rows_with_missing_features_are_left_out_or_trained_on_as_the_policy_says(string task, MissingValues missing, FeatureScaling scaling)
    {
        EdgeCase edge = new(task, missing, scaling);
        EdgeRow[] rows = Holed(EdgeCase.Rows(80));

        ITransformer model = edge.Fit(rows);

        Assert.Equal(missing == MissingValues.Skip ? 77 : 80, EdgeCase.History(model).TrainingRows);
        Assert.Equal(missing == MissingValues.Skip ? 1 : 0, edge.Warnings.Count(warning => warning.Contains("Skipped 3 instances", StringComparison.Ordinal)));
        Assert.All(edge.Scores(model, EdgeCase.Rows(20, seed: 2)), score => Assert.True(float.IsFinite(score)));
        Assert.All(
            edge.Scores(model, EdgeCase.With(EdgeCase.Rows(1), 0, 1, float.NaN)),
            score => Assert.Equal(missing == MissingValues.Skip, float.IsNaN(score)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Training_from_a_stream_gives_the_bits_of_training_in_memory(string task, MissingValues missing, FeatureScaling scaling)
    {
        EdgeRow[] rows = Holed(EdgeCase.Rows(60)), others = EdgeCase.Rows(20, seed: 2);
        EdgeCase memory = new(task) { Options = new EdgeCase(task, missing, scaling).Options with { Shuffle = false } };
        EdgeCase stream = new(task) { Options = memory.Options with { MaximumCachedRows = 7 } };

        EdgeCase.AssertSame(memory.Scores(memory.Fit(rows), others), stream.Scores(stream.Fit(rows), others));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_network_that_training_goes_on_from_keeps_what_it_sees_of_the_features(string task, MissingValues missing, FeatureScaling scaling)
    {
        EdgeCase first = new(task, missing, scaling);
        IDataView data = first.Load(Holed(EdgeCase.Rows(60)));
        ITransformer start = first.Fit(data);
        EdgeRow[] others = EdgeCase.Rows(20, seed: 2);
        IDataView grown = first.Load([.. EdgeCase.Rows(60, seed: 3).Select(row => row with { Features = [.. row.Features.Select(feature => 3 * feature + 1)] })]);

        // The options ask for another treatment, which must not count. With a rate of 0 the weights stay, so any difference would be one of the features.
        EdgeCase still = new(task) { Options = new EdgeCase(task).Options with { LearningRate = 0, NumberOfEpochs = 1 } };

        EdgeCase.AssertSame(first.Scores(start, others), still.Scores(still.GoOn(grown, start), others));
    }

    [Theory]
    [InlineData("binary", MissingValues.Mean)]
    [InlineData("multiclass", MissingValues.MeanAndIndicator)]
    [InlineData("regression", MissingValues.Mean)]
    [InlineData("regression", MissingValues.MeanAndIndicator)]
    public void An_infinite_feature_counts_as_a_missing_one(string task, MissingValues missing)
    {
        EdgeRow[] rows = EdgeCase.Rows(60), others = EdgeCase.Rows(5, seed: 2);
        EdgeCase edge = new(task, missing, FeatureScaling.Standardize);
        ITransformer expected = edge.Fit(EdgeCase.With(rows, 9, 2, float.NaN));
        float[] missed = edge.Scores(expected, EdgeCase.With(others, 0, 2, float.NaN));
        foreach (float infinite in new[] { float.PositiveInfinity, float.NegativeInfinity })
        {
            ITransformer found = edge.Fit(EdgeCase.With(rows, 9, 2, infinite));

            EdgeCase.AssertSame(edge.Scores(expected, others), edge.Scores(found, others));
            EdgeCase.AssertSame(missed, edge.Scores(expected, EdgeCase.With(others, 0, 2, infinite)));
        }
    }

    [Theory]
    [InlineData(FeatureScaling.None)]
    [InlineData(FeatureScaling.Standardize)]
    [InlineData(FeatureScaling.Robust)]
    public void A_missing_feature_is_taken_for_the_mean_of_the_training_rows(FeatureScaling scaling)
    {
        EdgeRow[] rows = EdgeCase.With(EdgeCase.Rows(60), 9, 2, float.NaN), others = EdgeCase.Rows(5, seed: 2);
        EdgeCase edge = new("regression", MissingValues.Mean, scaling);
        double sum = 0;
        foreach (EdgeRow row in rows.Where(row => float.IsFinite(row.Features[2])))
        {
            sum += row.Features[2];
        }

        ITransformer model = edge.Fit(rows);

        EdgeCase.AssertSame(
            edge.Scores(model, EdgeCase.With(others, 0, 2, (float)(sum / 59))), edge.Scores(model, EdgeCase.With(others, 0, 2, float.NaN)));
    }

    [Theory]
    [InlineData(MissingValues.Skip, FeatureScaling.Standardize)]
    [InlineData(MissingValues.Skip, FeatureScaling.Robust)]
    [InlineData(MissingValues.Mean, FeatureScaling.Standardize)]
    [InlineData(MissingValues.MeanAndIndicator, FeatureScaling.None)]
    [InlineData(MissingValues.MeanAndIndicator, FeatureScaling.Robust)]
    public void Sparse_and_dense_forms_of_wide_rows_train_and_score_to_the_same_bits(MissingValues missing, FeatureScaling scaling)
    {
        const int Width = 200;
        Random random = new(4);
        int[][] columns = [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 8).Select(i => (i * 25) + random.Next(25)).ToArray())];
        float[][] values = [.. columns.Select(row => row.Select(_ => (float)random.NextDouble() + 0.5f).ToArray())];
        values[11][3] = float.NaN;
        values[12][0] = float.NegativeInfinity;
        EdgeCase edge = new("binary", missing, scaling);
        SparseBinaryRow[] sparse = [.. columns.Zip(values, (column, value) => new SparseBinaryRow
        {
            Label = column[0] < 12,
            Features = new VBuffer<float>(Width, column.Length, value, column),
        })];
        IDataView sparseData = Rows.Load(edge.Context, sparse, Width), denseData = Rows.Load(
            edge.Context,
            sparse.Select(row => new SparseBinaryRow { Label = row.Label, Features = new VBuffer<float>(Width, [.. row.Features.DenseValues()]) }),
            Width);

        ITransformer fromSparse = edge.Fit(sparseData), fromDense = edge.Fit(denseData);

        uint[] expected = Bits(fromDense.Transform(denseData));
        Assert.Equal(missing == MissingValues.Skip, float.IsNaN(BitConverter.UInt32BitsToSingle(expected[11])));
        Assert.True(expected.Distinct().Count() > 90);
        Assert.Equal(expected, Bits(fromDense.Transform(sparseData)));
        Assert.Equal(expected, Bits(fromSparse.Transform(sparseData)));
        Assert.Equal(expected, Bits(fromSparse.Transform(denseData)));

        // NaN has many bit patterns; which of them comes out says nothing.
        static uint[] Bits(IDataView scored) =>
            [.. EdgeCase.Scores(scored).Select(score => BitConverter.SingleToUInt32Bits(float.IsNaN(score) ? float.NaN : score))];
    }

    private static EdgeRow[] Holed(EdgeRow[] rows)
    {
        rows = EdgeCase.With(rows, 5, 1, float.NaN);
        rows = EdgeCase.With(rows, 6, 2, float.PositiveInfinity);
        return EdgeCase.With(rows, 40, 1, float.NegativeInfinity);
    }
}
