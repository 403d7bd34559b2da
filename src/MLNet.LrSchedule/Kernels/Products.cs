using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Chooses how a product runs: the vector width of the context, and the loops that fit its shape.</summary>
internal static unsafe class Products
{
    public static void Multiply(KernelContext context, in GemmProblem problem)
    {
        switch (context.VectorWidth)
        {
            case VectorWidth.Bits512:
                Multiply<Simd512, Vector512<float>>(context, problem);
                break;
            case VectorWidth.Bits256:
                Multiply<Simd256, Vector256<float>>(context, problem);
                break;
            case VectorWidth.Bits128:
                Multiply<Simd128, Vector128<float>>(context, problem);
                break;
            default:
                Multiply<ScalarSingle, float>(context, problem);
                break;
        }
    }

    private static void Multiply<TSimd, TVector>(KernelContext context, in GemmProblem problem)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
    {
        if (problem.Rows == 0 || problem.Columns == 0)
        {
            return;
        }

        if (problem.Columns == 1 && problem.LeftStepStride == 1 && (problem.RightTransposed || problem.RightStride == 1))
        {
            ColumnProduct.Run(
                problem.Left, problem.LeftRowStride, problem.Right, *problem.Start, problem.Result, problem.ResultStride, problem.Rows, problem.Depth);
            return;
        }

        if (problem.Rows == 1 && !problem.RightTransposed)
        {
            RowProduct<TSimd, TVector>.Run(
                problem.Left, problem.LeftStepStride, problem.Right, problem.RightStride, problem.Start, problem.Result, problem.Columns, problem.Depth);
            return;
        }

        Gemm<TSimd, TVector>.Run(context.Packing, problem);
    }
}
