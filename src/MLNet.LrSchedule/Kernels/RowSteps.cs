using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The terms of the chains of a row: which inputs there are, and where the weights of each begin.</summary>
internal unsafe interface IRowSteps
{
    /// <summary>Whether inputs are left out.</summary>
    static abstract bool Skips { get; }

    int Count { get; }

    float* Value(int step);

    float* Weights(float* first, int step);
}

/// <summary>All inputs in their order.</summary>
internal readonly unsafe struct AllSteps(float* values, int count, int stride) : IRowSteps
{
    public static bool Skips => false;

    public int Count => count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Value(int step) => values + step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Weights(float* first, int step) => first + ((nint)step * stride);
}

/// <summary>The inputs that <see cref="NonZeros"/> found, in their order.</summary>
internal readonly unsafe struct NonZeroSteps(float* values, int* offsets, int count) : IRowSteps
{
    public static bool Skips => true;

    public int Count => count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Value(int step) => values + step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Weights(float* first, int step) => first + offsets[step];
}
