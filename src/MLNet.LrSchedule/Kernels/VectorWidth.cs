namespace MLNet.LrSchedule.Kernels;

/// <summary>The vector width a kernel runs at, in bits. It decides the speed and never a bit of a result.</summary>
internal enum VectorWidth
{
    /// <summary>One single-precision number at a time, on any processor.</summary>
    Scalar = 32,

    /// <summary>SSE, or ARM's Advanced SIMD.</summary>
    Bits128 = 128,

    /// <summary>AVX2 with FMA.</summary>
    Bits256 = 256,

    /// <summary>AVX-512.</summary>
    Bits512 = 512,
}
