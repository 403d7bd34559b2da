using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Inputs;

namespace MLNet.LrSchedule;

/// <summary>
/// The bytes of an <see cref="InputTransform"/>, little-endian; none at all where there is no transform.
/// <code>
/// 4 bytes       number n of features
/// 4 bytes       number m of indicators
/// 4 bytes       bit 0: whether values are squashed; bit 1: whether missing values are filled; bit 2: whether features are encoded; all other bits 0
/// 4 n bytes     offsets, float32
/// 4 n bytes     scales, float32
/// 4 n bytes     fills, float32, where bit 1 is set
/// 4 m bytes     the features that have an indicator, int32, ascending
/// 4 bytes       number e of encoded features, at least 1, where bit 2 is set
///               for each of them: the feature, int32, ascending; its number k of knots, int32; k knots, float32, ascending
/// </code>
/// </summary>
internal static class InputTransformFormat
{
    private const int HeadLength = 12;
    private const int Squashes = 1;
    private const int Imputes = 2;
    private const int Encodes = 4;

    public static byte[] ToBytes(InputTransform? transform)
    {
        if (transform is null)
        {
            return [];
        }

        int numbers = transform.Offsets.Length + transform.Scales.Length + transform.Fills.Length + transform.Indicators.Count;
        numbers += transform.Encoded.Count == 0 ? 0 : 1 + transform.Encoded.Sum(encoded => 2 + encoded.Knots.Length);
        byte[] bytes = new byte[checked(HeadLength + (sizeof(float) * numbers))];
        int position = 0;
        WriteInt(transform.Features);
        WriteInt(transform.Indicators.Count);
        WriteInt((transform.Squashes ? Squashes : 0) | (transform.Imputes ? Imputes : 0) | (transform.Encoded.Count > 0 ? Encodes : 0));
        WriteAll(transform.Offsets);
        WriteAll(transform.Scales);
        WriteAll(transform.Fills);
        foreach (int indicator in transform.Indicators)
        {
            WriteInt(indicator);
        }

        if (transform.Encoded.Count > 0)
        {
            WriteInt(transform.Encoded.Count);
        }

        foreach (EncodedFeature encoded in transform.Encoded)
        {
            WriteInt(encoded.Feature);
            WriteInt(encoded.Knots.Length);
            WriteAll(encoded.Knots);
        }

        return bytes;

        void WriteInt(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), value);
            position += sizeof(int);
        }

        void WriteAll(ReadOnlySpan<float> values)
        {
            foreach (float value in values)
            {
                WriteInt(BitConverter.SingleToInt32Bits(value));
            }
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote. The numbers are counted before any memory is taken for them.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    /// <param name="bytes">The bytes.</param>
    /// <param name="embedded">The features that stay as they are, which the network's embeddings say.</param>
    public static InputTransform? FromBytes(ReadOnlySpan<byte> bytes, params CategoricalRange[] embedded)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (bytes.Length < HeadLength)
        {
            throw new InvalidDataException($"The network's input transform is damaged: expected at least {HeadLength} bytes, found {bytes.Length}.");
        }

        int features = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        int indicators = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int flags = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (features < 1 || indicators < 0 || (flags & ~(Squashes | Imputes | Encodes)) != 0)
        {
            throw new InvalidDataException($"The network's input transform is damaged: it says {features} features, {indicators} indicators and flags {flags}.");
        }

        bool imputes = (flags & Imputes) != 0;
        long expected = HeadLength + (sizeof(float) * (((imputes ? 3L : 2L) * features) + indicators));
        bool encodes = (flags & Encodes) != 0;
        if (encodes ? bytes.Length < expected : bytes.Length != expected)
        {
            throw new InvalidDataException($"The network's input transform is damaged: expected {expected} bytes, found {bytes.Length}.");
        }

        ReadOnlySpan<byte> rest = bytes[HeadLength..];
        float[] offsets = ReadFloats(ref rest, features), scales = ReadFloats(ref rest, features), fills = ReadFloats(ref rest, imputes ? features : 0);
        int[] indicated = new int[indicators];
        for (int i = 0; i < indicated.Length; i++)
        {
            indicated[i] = BinaryPrimitives.ReadInt32LittleEndian(rest[(sizeof(int) * i)..]);
        }

        rest = rest[(sizeof(int) * indicators)..];
        try
        {
            EncodedFeature[] encoded = encodes ? ReadEncoded(rest) : [];
            return new InputTransform(offsets, scales, fills, indicated, (flags & Squashes) != 0, encoded, embedded);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The network's input transform is damaged: {exception.Message}", exception);
        }
    }

    private static EncodedFeature[] ReadEncoded(ReadOnlySpan<byte> rest)
    {
        int count = ReadInt(ref rest);
        List<EncodedFeature> encoded = [];
        for (int i = 0; i < count; i++)
        {
            int feature = ReadInt(ref rest), knots = ReadInt(ref rest);
            if (knots < 0 || knots > rest.Length / sizeof(float))
            {
                throw new InvalidDataException($"The network's input transform is damaged: feature {feature} has {knots} knots, which the section ends before.");
            }

            encoded.Add(new EncodedFeature(feature, ReadFloats(ref rest, knots)));
        }

        return count > 0 && rest.IsEmpty ? [.. encoded] : throw new InvalidDataException(
            $"The network's input transform is damaged: it says {count} encoded features and has {rest.Length} bytes behind them.");
    }

    private static int ReadInt(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int))
        {
            throw new InvalidDataException("The network's input transform is damaged: its encoded features are cut off.");
        }

        int value = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes = bytes[sizeof(int)..];
        return value;
    }

    private static float[] ReadFloats(ref ReadOnlySpan<byte> bytes, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]);
        }

        bytes = bytes[(sizeof(float) * count)..];
        return values;
    }
}
