using System;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Inputs;

public class InputTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(37)]
    public void Vectors_and_their_tails_have_the_bits_of_the_formula(int width)
    {
        Random random = new(width);
        float[] offsets = Numbers(random, width), fills = Numbers(random, width), features = Numbers(random, width);
        float[] scales = [.. Numbers(random, width).Select(Math.Abs)];
        features[0] = float.NaN;
        features[width / 2] = float.NegativeInfinity;
        features[^1] = width > 2 ? 1e30f : float.NaN;
        InputTransform transform = new(offsets, scales, fills, [0], squashes: true);
        float[] inputs = new float[transform.Width];

        transform.Apply(features, inputs);

        for (int i = 0; i < width; i++)
        {
            float y = ((float.IsFinite(features[i]) ? features[i] : fills[i]) - offsets[i]) * scales[i];
            y = Math.Clamp(y, -1e6f, 1e6f);
            float share = y / 3f;
            Assert.Equal(BitConverter.SingleToUInt32Bits(y / MathF.Sqrt(1f + (share * share))), BitConverter.SingleToUInt32Bits(inputs[i]));
        }

        Assert.Equal(1, inputs[width]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Embedded_features_stay_as_they_are_and_missing_ones_are_zero_where_others_are_filled(bool imputes)
    {
        const int width = 40;
        float[] offsets = new float[width], scales = [.. Enumerable.Repeat(0.25f, width)], fills = imputes ? [.. Enumerable.Repeat(7f, width)] : [];
        InputTransform transform = new(offsets, scales, fills, imputes ? [0] : [], squashes: true, new CategoricalRange(3, 20), new CategoricalRange(39, 1));
        float[] features = [.. Enumerable.Range(0, width).Select(i => i % 2 == 0 ? 1f : 0f)], inputs = new float[transform.Width];
        features[5] = 2;
        features[6] = float.NaN;
        features[39] = 1;

        transform.Apply(features, inputs);

        for (int i = 0; i < width; i++)
        {
            if (i is (>= 3 and < 23) or 39)
                Assert.Equal(i == 6 && imputes ? 0 : features[i], inputs[i]);
            else
                Assert.InRange(inputs[i], 0, 0.25f);
        }

        int[] columns = [.. Enumerable.Range(0, width).Where(i => features[i] != 0)], inputColumns = new int[width + 1];
        float[] values = [.. columns.Select(column => features[column])], inputValues = new float[width + 1], spread = new float[transform.Width];
        int count = transform.Apply(columns, values, inputColumns, inputValues);
        for (int i = 0; i < count; i++)
            spread[inputColumns[i]] = inputValues[i];
        Assert.Equal(inputs, spread);
    }

    [Fact]
    public void Embedded_features_out_of_order_or_out_of_range_or_with_an_offset_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Of(new CategoricalRange(2, 2)));
        Assert.Throws<ArgumentException>(() => Of(new CategoricalRange(-1, 2)));
        Assert.Throws<ArgumentException>(() => Of(new CategoricalRange(0, 0)));
        Assert.Throws<ArgumentException>(() => Of(new CategoricalRange(1, int.MaxValue)));
        Assert.Throws<ArgumentException>(() => Of(new CategoricalRange(1, 1), new CategoricalRange(1, 1)));
        Assert.Throws<ArgumentException>(() => new InputTransform([0, 1, 0], [1, 1, 1], [], [], false, new CategoricalRange(0, 2)));

        static InputTransform Of(params CategoricalRange[] embedded) => new([0, 0, 0], [1, 1, 1], [], [], false, embedded);
    }

    [Fact]
    public void A_missing_value_stays_missing_where_nothing_fills_it()
    {
        foreach (bool squashes in new[] { false, true })
        {
            InputTransform transform = new(new float[20], [.. Enumerable.Repeat(0f, 20)], [], [], squashes);
            float[] inputs = new float[20];

            transform.Apply([.. Enumerable.Repeat(float.NaN, 20)], inputs);

            Assert.All(inputs, input => Assert.True(float.IsNaN(input)));
        }
    }

    [Fact]
    public void Squashed_values_stay_within_three_and_keep_their_order()
    {
        float[] features = [float.MinValue, -1e20f, -100, -1, 0, 0.5f, 1, 100, 1e20f, float.MaxValue];
        InputTransform transform = new(new float[10], [.. Enumerable.Repeat(1f, 10)], [], [], squashes: true);
        float[] inputs = new float[10];

        transform.Apply(features, inputs);

        Assert.Equal(inputs.Order(), inputs);
        Assert.All(inputs, input => Assert.InRange(input, -3, 3));
        Assert.Equal(3, inputs[^1]);
        Assert.Equal(0, inputs[4]);
    }

    [Fact]
    public void A_sparse_row_comes_out_as_the_dense_one_without_its_zeros()
    {
        InputTransform transform = new(new float[9], [1, 2, 3, 4, 0, 6, 7, 8, 9], [.. Enumerable.Repeat(0.5f, 9)], [1, 3, 8], squashes: true);
        float[] dense = [0, float.NaN, 0, 5, 2, 0, 0, -3, float.PositiveInfinity], expected = new float[12];
        transform.Apply(dense, expected);
        int[] columns = [1, 3, 4, 7, 8], inputColumns = new int[12];
        float[] inputValues = new float[12], actual = new float[12];

        int count = transform.Apply(columns, [.. columns.Select(column => dense[column])], inputColumns, inputValues);

        for (int i = 0; i < count; i++)
            actual[inputColumns[i]] = inputValues[i];
        Assert.True(transform.KeepsZeros);
        Assert.Equal([1, 3, 4, 7, 8, 9, 11], inputColumns[..count]);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new InputTransform([0], [-1], [], [], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([0], [float.NaN], [], [], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([float.PositiveInfinity], [1], [], [], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([0], [1], [float.NaN], [], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([0, 0], [1, 1], [1, 1], [1, 1], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([0], [1], [], [0], false));
        Assert.Throws<ArgumentException>(() => new InputTransform([0], [1], [1], [1], false));
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}
