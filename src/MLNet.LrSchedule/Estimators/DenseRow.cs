using System;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule;

/// <summary>Feature vectors as plain numbers: a dense one as it stands, a sparse one spread out.</summary>
internal static class DenseRow
{
    /// <summary>Writes all values of the vector, the ones it leaves out included.</summary>
    /// <exception cref="InvalidOperationException">The vector has another length, as vectors of variable length can.</exception>
    public static void CopyTo(in VBuffer<float> features, Span<float> destination)
    {
        Check(in features, destination.Length);
        ReadOnlySpan<float> values = features.GetValues();
        if (features.IsDense)
        {
            values.CopyTo(destination);
            return;
        }

        destination.Clear();
        ReadOnlySpan<int> slots = features.GetIndices();
        for (int i = 0; i < slots.Length; i++)
        {
            destination[slots[i]] = values[i];
        }
    }

    /// <summary>The vector's values, in the buffer only where the vector is sparse.</summary>
    /// <exception cref="InvalidOperationException">The vector has another length, as vectors of variable length can.</exception>
    public static ReadOnlySpan<float> Read(in VBuffer<float> features, Span<float> buffer)
    {
        if (features.IsDense)
        {
            Check(in features, buffer.Length);
            return features.GetValues();
        }

        CopyTo(in features, buffer);
        return buffer;
    }

    /// <exception cref="InvalidOperationException">The vector has another length, as vectors of variable length can.</exception>
    public static void Check(in VBuffer<float> features, int length)
    {
        if (features.Length != length)
        {
            throw new InvalidOperationException($"The feature vector must have {length} slots, as in training, but has {features.Length}.");
        }
    }
}
