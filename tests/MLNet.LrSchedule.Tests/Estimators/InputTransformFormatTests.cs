using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

public class InputTransformFormatTests
{
    private static readonly InputTransform _transform = new([0.5f, -2, 0], [1, 0, float.Epsilon], [7, 8, 9], [0, 2], squashes: true);

    [Fact]
    public void A_transform_comes_back_with_every_bit()
    {
        InputTransform read = InputTransformFormat.FromBytes(InputTransformFormat.ToBytes(_transform))!;

        Assert.Equal(_transform.Offsets.ToArray(), read.Offsets.ToArray());
        Assert.Equal(_transform.Scales.ToArray(), read.Scales.ToArray());
        Assert.Equal(_transform.Fills.ToArray(), read.Fills.ToArray());
        Assert.Equal(_transform.Indicators, read.Indicators);
        Assert.True(read.Squashes && read.Imputes);
    }

    [Fact]
    public void No_transform_takes_no_bytes()
    {
        Assert.Empty(InputTransformFormat.ToBytes(null));
        Assert.Null(InputTransformFormat.FromBytes([]));
    }

    [Fact]
    public void A_transform_takes_a_few_bytes_a_feature() => Assert.Equal(12 + (4 * 3 * 3) + (4 * 2), InputTransformFormat.ToBytes(_transform).Length);

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 2)]
    [InlineData(0, int.MaxValue)]
    [InlineData(4, -1)]
    [InlineData(4, int.MaxValue)]
    [InlineData(8, 7)]
    [InlineData(8, 8)]
    [InlineData(8, 1)]
    [InlineData(12, 0x7FC00000)]
    [InlineData(24, unchecked((int)0xBF800000))]
    [InlineData(48, 2)]
    [InlineData(52, 3)]
    public void A_wrong_number_anywhere_is_refused(int position, int value)
    {
        byte[] bytes = InputTransformFormat.ToBytes(_transform);
        BitConverter.TryWriteBytes(bytes.AsSpan(position), value);

        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => InputTransformFormat.FromBytes(bytes)).Message);
    }

    [Fact]
    public void Encoded_features_come_back_with_every_bit_and_only_whole()
    {
        InputTransform transform = new([0, 0, 1], [1, 1, 1], [], [], squashes: false, [new EncodedFeature(0, [-1, 0.1f, 7]), new EncodedFeature(2, [1, 2, 3, 5])], []);
        byte[] bytes = InputTransformFormat.ToBytes(transform);

        InputTransform read = InputTransformFormat.FromBytes(bytes)!;
        Assert.Equal(3 + 2 + 3, read.Width);
        Assert.Equal([0, 2], read.Encoded.Select(encoded => encoded.Feature));
        Assert.Equal([-1, 0.1f, 7, 1, 2, 3, 5], read.Encoded.SelectMany(encoded => encoded.Knots.ToArray()));
        Assert.Equal(12 + (4 * 6) + 4 + (4 * 5) + (4 * 6), bytes.Length);
        for (int length = 1; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => InputTransformFormat.FromBytes(bytes.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => InputTransformFormat.FromBytes([.. bytes, 0, 0, 0, 0]));
    }

    [Theory]
    [InlineData(36, 0)]
    [InlineData(36, 1)]
    [InlineData(36, 3)]
    [InlineData(36, int.MaxValue)]
    [InlineData(40, -1)]
    [InlineData(40, 2)]
    [InlineData(44, 2)]
    [InlineData(44, int.MaxValue)]
    [InlineData(52, 0x7FC00000)]
    [InlineData(56, 0)]
    [InlineData(60, 0)]
    public void A_wrong_number_in_an_encoding_is_refused(int position, int value)
    {
        byte[] bytes = InputTransformFormat.ToBytes(
            new([0, 0, 1], [1, 1, 1], [], [], squashes: false, [new EncodedFeature(1, [-1, 0.1f, 7]), new EncodedFeature(2, [1, 2, 3, 5])], []));
        BitConverter.TryWriteBytes(bytes.AsSpan(position), value);

        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => InputTransformFormat.FromBytes(bytes)).Message);
    }

    [Fact]
    public void Any_cut_is_refused()
    {
        byte[] bytes = InputTransformFormat.ToBytes(_transform);
        for (int length = 1; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => InputTransformFormat.FromBytes(bytes.AsSpan(0, length)));
    }
}
