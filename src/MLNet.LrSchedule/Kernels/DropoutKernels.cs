using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Random masks that need no memory: whether element i is dropped is a hash of a key and i, so the way back makes the same mask again, and neither
/// threads nor vector widths nor a resumed run change it. The hash is two rounds of a 32-bit integer finaliser (the constants are those of Wellons'
/// "lowbias32"), in 512-bit vectors that the runtime emulates where the processor has none.
/// </summary>
internal static class DropoutKernels
{
    private const int Lanes = 16;

    /// <summary>destination = source / (1 - rate) where the element is kept, else 0. Both may be the same memory.</summary>
    /// <param name="source">Up to 2^31 elements.</param>
    /// <param name="destination">As long as the source.</param>
    /// <param name="key">Decides the mask.</param>
    /// <param name="rate">Share of elements that are dropped on average, 0 to below 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> source, Span<float> destination, ulong key, double rate)
    {
        if (source.Length != destination.Length)
        {
            throw new ArgumentException($"{source.Length} elements do not fit {destination.Length}.");
        }

        if (rate == 0)
        {
            source.CopyTo(destination);
            return;
        }

        uint threshold = Threshold(rate);
        float scale = (float)(1 / (1 - rate));
        (uint first, uint second) = ((uint)key, (uint)(key >> 32));
        int i = 0;
        for (; i <= source.Length - Lanes; i += Lanes)
        {
            Vector512<uint> hash = Mix(Mix((Vector512<uint>.Indices + Vector512.Create((uint)i)) ^ Vector512.Create(first)) ^ Vector512.Create(second));
            Vector512<float> kept = Vector512.LessThan(hash, Vector512.Create(threshold)).AsSingle();
            Vector512.ConditionalSelect(kept, Vector512.Create(source[i..]) * Vector512.Create(scale), Vector512<float>.Zero).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = IsKept(key, i, threshold) ? source[i] * scale : 0;
        }
    }

    /// <summary>Whether element <paramref name="index"/> is kept.</summary>
    public static bool IsKept(ulong key, int index, double rate) => rate == 0 || IsKept(key, index, Threshold(rate));

    private static bool IsKept(ulong key, int index, uint threshold) => Mix(Mix((uint)index ^ (uint)key) ^ (uint)(key >> 32)) < threshold;

    private static uint Threshold(double rate) => (uint)Math.Min((1 - rate) * 4294967296.0, uint.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> x)
    {
        x = (x ^ (x >> 16)) * Vector512.Create(0x7FEB352Du);
        x = (x ^ (x >> 15)) * Vector512.Create(0x846CA68Bu);
        return x ^ (x >> 16);
    }
}
