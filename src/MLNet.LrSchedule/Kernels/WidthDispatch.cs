using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>A computation over single-precision vectors of any width.</summary>
internal interface IVectorProgram
{
    void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector, float>
        where TVector : struct;
}

/// <summary>Runs a program at the width of a context.</summary>
internal static class WidthDispatch
{
    public static void Run<TProgram>(VectorWidth width, in TProgram program)
        where TProgram : struct, IVectorProgram
    {
        switch (width)
        {
            case VectorWidth.Bits512: program.Run<Simd512, Vector512<float>>(); break;
            case VectorWidth.Bits256: program.Run<Simd256, Vector256<float>>(); break;
            case VectorWidth.Bits128: program.Run<Simd128, Vector128<float>>(); break;
            default: program.Run<ScalarSingle, float>(); break;
        }
    }
}
