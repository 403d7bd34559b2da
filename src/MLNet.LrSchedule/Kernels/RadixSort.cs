using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Sorts single-precision numbers by the digits of their bits, in time that grows with their number alone, which many thousands of them
/// gain from. Memory is taken once, for the longest run. One caller at a time.
/// </summary>
internal sealed class RadixSort
{
    private const int DigitBits = 11;
    private const int Buckets = 1 << DigitBits;
    private const int Digits = 3;

    /// <summary>Fewer numbers than this are sorted by comparisons.</summary>
    private const int MinLength = 1 << 10;

    private readonly int[] _counts = new int[Digits * Buckets];
    private uint[] _scratch = [];

    /// <summary>Sorts ascending, -0 before 0. No number is NaN.</summary>
    public void Sort(Span<float> values)
    {
        if (values.Length < MinLength)
        {
            values.Sort();
            return;
        }

        if (_scratch.Length < values.Length)
        {
            _scratch = new uint[values.Length];
        }

        Span<uint> from = MemoryMarshal.Cast<float, uint>(values), to = _scratch.AsSpan(0, values.Length);
        ToKeys(from);
        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> places = _counts.AsSpan(digit * Buckets, Buckets);
            if (!Distribute(from, to, places, digit * DigitBits))
            {
                continue;
            }

            Span<uint> sorted = to;
            to = from;
            from = sorted;
        }

        ToValues(from, MemoryMarshal.Cast<float, uint>(values));
    }

    // Bits whose order as whole numbers is that of the numbers: all of a negative number turned over, of a positive one the sign. Counts all digits.
    private void ToKeys(Span<uint> bits)
    {
        Array.Clear(_counts);
        foreach (ref uint value in bits)
        {
            uint key = value ^ ((uint)((int)value >> 31) | 0x8000_0000);
            value = key;
            _counts[key & (Buckets - 1)]++;
            _counts[Buckets + ((key >> DigitBits) & (Buckets - 1))]++;
            _counts[(2 * Buckets) + (key >> (2 * DigitBits))]++;
        }
    }

    // False where all numbers have the same digit, so that nothing moves.
    private static bool Distribute(ReadOnlySpan<uint> from, Span<uint> to, Span<int> places, int shift)
    {
        if (places[(int)((from[0] >> shift) & (Buckets - 1))] == from.Length)
        {
            return false;
        }

        int place = 0;
        foreach (ref int count in places)
        {
            int next = place + count;
            count = place;
            place = next;
        }

        foreach (uint key in from)
        {
            to[places[(int)((key >> shift) & (Buckets - 1))]++] = key;
        }

        return true;
    }

    private static void ToValues(ReadOnlySpan<uint> keys, Span<uint> bits)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            uint key = keys[i];
            bits[i] = key ^ ((uint)((int)~key >> 31) | 0x8000_0000);
        }
    }
}
