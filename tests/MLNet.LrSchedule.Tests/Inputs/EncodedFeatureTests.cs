using System;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Inputs;

public class EncodedFeatureTests
{
    [Theory]
    [InlineData(-100f, -3f, -1f, -1f)]
    [InlineData(1f, -2f, -1f, -1f)]
    [InlineData(2f, -1f, -1f, -1f)]
    [InlineData(3f, 0f, -1f, -1f)]
    [InlineData(4f, 1f, -1f, -1f)]
    [InlineData(7f, 1f, 0.5f, -1f)]
    [InlineData(8f, 1f, 1f, -1f)]
    [InlineData(17f, 1f, 1f, 0.125f)]
    [InlineData(24f, 1f, 1f, 1f)]
    [InlineData(32f, 1f, 1f, 2f)]
    [InlineData(1e30f, 1f, 1f, 3f)]
    [InlineData(float.PositiveInfinity, 1f, 1f, 3f)]
    [InlineData(float.NaN, float.NaN, float.NaN, float.NaN)]
    public void Pieces_are_straight_between_their_knots_and_flat_beyond(float value, float first, float second, float third)
    {
        float[] inputs = new float[4];
        new InputTransform([0], [1], [], [], squashes: false, [new EncodedFeature(0, [2, 4, 8, 24])], []).Apply([value], inputs);
        Assert.Equal([first, second, third], inputs[1..]);
    }

    [Fact]
    public void An_encoded_feature_follows_what_the_network_sees_without_it_and_is_filled_as_that()
    {
        InputTransform transform = new([1, 1], [2, 2], [9, 3], [0], squashes: false, [new EncodedFeature(1, [2, 4, 8])], []);
        float[] inputs = new float[5];
        transform.Apply([float.NaN, float.NaN], inputs);

        Assert.Equal([16, 4, 1, 0, -1], inputs);
        Assert.False(new InputTransform([0], [1], [], [], squashes: false, [new EncodedFeature(0, [1, 2, 3])], []).KeepsZeros);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(29)]
    public void All_pieces_of_a_row_have_the_bits_of_each_piece_alone(int features)
    {
        Random random = new(features);
        EncodedFeature[] encoded = [.. Enumerable.Range(0, features).Select(feature => new EncodedFeature(feature, Knots(random)))];
        InputTransform transform = new(new float[features], new float[features], [], [], squashes: false, encoded, []);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.MaxValue, float.Epsilon];
        for (int row = 0; row < 200; row++)
        {
            float[] values = [.. Enumerable.Range(0, features).Select(_ => random.Next(4) == 0 ? special[random.Next(special.Length)] : (random.NextSingle() * 6) - 3)];
            float[] inputs = new float[transform.Width];
            transform.Apply(values, inputs);
            int next = features;
            foreach (EncodedFeature feature in encoded)
            {
                for (int i = 0; i < feature.Pieces; i++)
                    Assert.Equal(Bits(Piece(feature, i, values[feature.Feature])), Bits(inputs[next++]));
            }

            Assert.Equal(inputs.Length, next);
        }

        static int Bits(float value) => float.IsNaN(value) ? 0 : BitConverter.SingleToInt32Bits(value);
    }

    private static float Piece(EncodedFeature feature, int piece, float value)
    {
        float share = (value - feature.Knots[piece]) / (feature.Knots[piece + 1] - feature.Knots[piece]);
        return (2 * Math.Min(Math.Max(share, piece == 0 ? -1 : 0), piece == feature.Pieces - 1 ? 2 : 1)) - 1;
    }

    private static float[] Knots(Random random)
    {
        float[] knots = new float[3 + random.Next(9)];
        knots[0] = (random.NextSingle() * 4) - 4;
        for (int i = 1; i < knots.Length; i++)
            knots[i] = knots[i - 1] + 0.01f + random.NextSingle();
        return knots;
    }

    [Fact]
    public void Knots_that_are_no_ranges_are_refused()
    {
        foreach (float[] knots in (float[][])[[], [1], [1, 2], [1, 2, 2], [3, 2, 1], [1, 2, float.NaN], [float.NaN, 1, 2], [1, 2, float.PositiveInfinity], [float.MinValue, 1e38f, float.MaxValue]])
            Assert.Throws<ArgumentException>(() => new EncodedFeature(0, knots));
    }
}
