using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public class InputLearningTests
{
    [Fact]
    public void Standardizing_learns_means_and_deviations_by_the_weights_of_the_rows()
    {
        TrainingDataBuilder rows = new(1, hasWeights: true);
        rows.Add([1f], 0, 1);
        rows.Add([3f], 0, 2);
        rows.Add([7f], 0, 1);

        InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = FeatureScaling.Standardize, NumericEncoding = NumericEncoding.None }, rows.Build());

        // Mean 14 / 4; squares 2.5² + 2 x 0.5² + 3.5² = 19, over 4.
        Assert.Equal(3.5f, transform.Offsets[0]);
        Assert.Equal((float)(1 / Math.Sqrt(4.75)), transform.Scales[0]);
        Assert.False(transform.Squashes);
    }

    [Fact]
    public void The_robust_scaling_is_the_median_over_the_quartiles_and_half_the_range_where_those_are_equal()
    {
        TrainingDataBuilder rows = new(3, hasWeights: false);
        float[] second = [0, 5, 5, 5, 10];
        for (int i = 0; i < 5; i++)
            rows.Add([i * i, second[i], 4f], 0, 1);

        InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = FeatureScaling.Robust, NumericEncoding = NumericEncoding.None }, rows.Build());

        Assert.Equal([4f, 5f, 4f], transform.Offsets.ToArray());
        Assert.Equal([(float)(1 / 8.0), 0.2f, 0f], transform.Scales.ToArray());
        Assert.True(transform.Squashes);
    }

    [Fact]
    public void Quartiles_lie_between_neighbours_and_pass_over_missing_values()
    {
        TrainingDataBuilder rows = new(1, hasWeights: false);
        foreach (float value in new[] { 8f, float.NaN, 2, 4, 6 })
            rows.Add([value], 0, 1);

        InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = FeatureScaling.Robust, MissingValues = MissingValues.Mean }, rows.Build());

        Assert.Equal(5f, transform.Offsets[0]);
        Assert.Equal((float)(1 / 3.0), transform.Scales[0]);
        Assert.Equal(5f, transform.Fills[0]);
    }

    [Fact]
    public void A_constant_feature_comes_in_as_zero()
    {
        TrainingDataBuilder rows = new(2, hasWeights: false);
        for (int i = 0; i < 1000; i++)
            rows.Add([0.1f, i], 0, 1);
        TrainingData data = rows.Build();

        foreach (FeatureScaling scaling in new[] { FeatureScaling.Standardize, FeatureScaling.Robust })
        {
            InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = scaling, NumericEncoding = NumericEncoding.None }, data);
            float[] inputs = new float[2];
            transform.Apply([0.1f, 3], inputs);
            Assert.Equal(0, inputs[0]);
            Assert.NotEqual(0, inputs[1]);
        }
    }

    [Fact]
    public void A_feature_missing_in_every_row_is_zero_and_said_to_be()
    {
        TrainingDataBuilder rows = new(3, hasWeights: false);
        rows.Add([1, float.NaN, 2], 0, 1);
        rows.Add([3, float.PositiveInfinity, float.NaN], 0, 1);
        List<string> warnings = [];

        InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = FeatureScaling.None, MissingValues = MissingValues.MeanAndIndicator }, rows.Build(), warnings);

        Assert.Equal([2f, 0f, 2f], transform.Fills.ToArray());
        Assert.Equal([1, 2], transform.Indicators);
        Assert.Equal(["Missing in every training row and taken for 0: feature 1."], warnings);
    }

    [Fact]
    public void Sparse_rows_have_the_deviations_of_the_same_rows_made_dense_and_no_centre()
    {
        Random random = new(4);
        TrainingDataBuilder sparse = new(new SparseFeaturesBuilder(6), hasWeights: true), dense = new(6, hasWeights: true);
        for (int i = 0; i < 300; i++)
        {
            float[] row = [.. Enumerable.Range(0, 6).Select(feature => random.Next(5) == 0 ? (float)(feature + random.NextDouble()) : 0)];
            sparse.Add(row, 0, 1 + (i % 3));
            dense.Add(row, 0, 1 + (i % 3));
        }

        TrainingRecipe recipe = new() { FeatureScaling = FeatureScaling.Standardize, NumericEncoding = NumericEncoding.None };
        InputTransform ofSparse = Learn(recipe, sparse.Build()), ofDense = Learn(recipe, dense.Build());

        Assert.True(ofSparse.KeepsZeros);
        Assert.False(ofDense.KeepsZeros);
        for (int i = 0; i < 6; i++)
            Assert.Equal(ofDense.Scales[i], ofSparse.Scales[i], 1e-5f * ofDense.Scales[i]);
    }

    [Fact]
    public void Numbers_are_standardized_and_indicators_left_alone()
    {
        TrainingDataBuilder rows = new(3, hasWeights: false);
        for (int i = 0; i < 100; i++)
            rows.Add([i % 2 == 0 ? 10 : 14, i == 0 ? 1 : 0, 1], 0, 1);
        InputTransform transform = Learn(new TrainingRecipe { FeatureScaling = FeatureScaling.StandardizeNumbers }, rows.Build());

        Assert.Equal([12f, 0f, 1f], transform.Offsets.ToArray());
        Assert.Equal([0.5f, 1f, 0f], transform.Scales.ToArray());
        Assert.Empty(transform.Encoded);
    }

    [Fact]
    public void Sparse_numbers_are_divided_by_the_largest_where_it_is_above_one()
    {
        TrainingDataBuilder rows = new(new SparseFeaturesBuilder(3), hasWeights: false);
        rows.Add([0.25f, 0, -8], 0, 1);
        rows.Add([0, 0, 4], 0, 1);
        InputTransform transform = Learn(new TrainingRecipe(), rows.Build());

        Assert.True(transform.KeepsZeros);
        Assert.Equal([1f, 0f, 0.125f], transform.Scales.ToArray());
    }

    [Fact]
    public void Numbers_are_cut_at_quantiles_and_where_one_value_is_frequent_at_those_of_the_distinct_values()
    {
        TrainingDataBuilder rows = new(4, hasWeights: false);
        for (int i = 0; i < 1201; i++)
            rows.Add([i, i % 2, i < 1100 ? 0 : i - 1100, i % 3], 0, 1);
        InputTransform transform = Learn(new TrainingRecipe(), rows.Build());

        Assert.Equal([0, 2, 3], transform.Encoded.Select(encoded => encoded.Feature));
        Assert.Equal([0f, 300f, 600f, 900f, 1200f], transform.Encoded[0].Knots.ToArray());
        Assert.Equal([0f, 25f, 50f, 75f, 100f], transform.Encoded[1].Knots.ToArray());
        Assert.Equal([0f, 1f, 2f], transform.Encoded[2].Knots.ToArray());
        Assert.Equal(4 + 4 + 4 + 2, transform.Width);
    }

    [Theory]
    [InlineData(599, 3, 0)]
    [InlineData(600, 3, 3)]
    [InlineData(600, 128, 128)]
    [InlineData(600, 129, 0)]
    public void Few_rows_and_many_features_are_not_encoded(int count, int features, int encoded)
    {
        Random random = new(3);
        TrainingDataBuilder rows = new(features, hasWeights: false);
        float[] row = new float[features];
        for (int i = 0; i < count; i++)
        {
            foreach (ref float value in row.AsSpan())
                value = random.NextSingle();
            rows.Add(row, 0, 1);
        }

        Assert.Equal(encoded, Learn(new TrainingRecipe(), rows.Build()).Encoded.Count);
    }

    private static InputTransform Learn(TrainingRecipe recipe, TrainingData data, List<string>? warnings = null) =>
        InputLearning.Learn(recipe, data, data.All, warnings is null ? warning => Assert.Fail(warning) : warnings.Add)!;
}
