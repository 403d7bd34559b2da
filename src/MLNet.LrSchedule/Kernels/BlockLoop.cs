using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The loops over a block of a matrix, whose rows lie a stride apart; see <see cref="ElementLoop"/>, whose bits these have. All operands have the same stride.
/// </summary>
internal static unsafe class BlockLoop
{
    public static void Map<TFunction>(VectorWidth width, in TFunction function, float* source, float* destination, nint stride, int rows, int columns)
        where TFunction : struct, IElementFunction
    {
        switch (width)
        {
            case VectorWidth.Bits512: Map<Simd512, Vector512<float>, TFunction>(function, source, destination, stride, rows, columns); break;
            case VectorWidth.Bits256: Map<Simd256, Vector256<float>, TFunction>(function, source, destination, stride, rows, columns); break;
            case VectorWidth.Bits128: Map<Simd128, Vector128<float>, TFunction>(function, source, destination, stride, rows, columns); break;
            default: Map<ScalarSingle, float, TFunction>(function, source, destination, stride, rows, columns); break;
        }
    }

    public static void Map<TFunction>(
        VectorWidth width, in TFunction function, float* first, float* second, float* destination, nint stride, int rows, int columns)
        where TFunction : struct, IElementFunction2
    {
        switch (width)
        {
            case VectorWidth.Bits512: Map<Simd512, Vector512<float>, TFunction>(function, first, second, destination, stride, rows, columns); break;
            case VectorWidth.Bits256: Map<Simd256, Vector256<float>, TFunction>(function, first, second, destination, stride, rows, columns); break;
            case VectorWidth.Bits128: Map<Simd128, Vector128<float>, TFunction>(function, first, second, destination, stride, rows, columns); break;
            default: Map<ScalarSingle, float, TFunction>(function, first, second, destination, stride, rows, columns); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TSimd, TVector, TFunction>(TFunction function, float* source, float* destination, nint stride, int rows, int columns)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TFunction : struct, IElementFunction
    {
        if (stride == columns)
        {
            columns *= rows;
            rows = 1;
        }

        int whole = columns - (columns % TSimd.Width);
        TVector mask = TSimd.Mask(columns - whole);
        for (; rows > 0; rows--)
        {
            for (int i = 0; i < whole; i += TSimd.Width)
            {
                TSimd.Store(destination + i, function.Apply<TSimd, TVector, float>(TSimd.Load(source + i)));
            }

            if (whole < columns)
            {
                TSimd.StoreMasked(destination + whole, mask, function.Apply<TSimd, TVector, float>(TSimd.LoadMasked(source + whole, mask)));
            }

            source += stride;
            destination += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TSimd, TVector, TFunction>(
        TFunction function, float* first, float* second, float* destination, nint stride, int rows, int columns)
        where TSimd : ISimd<TVector, float>
        where TVector : struct
        where TFunction : struct, IElementFunction2
    {
        if (stride == columns)
        {
            columns *= rows;
            rows = 1;
        }

        int whole = columns - (columns % TSimd.Width);
        TVector mask = TSimd.Mask(columns - whole);
        for (; rows > 0; rows--)
        {
            for (int i = 0; i < whole; i += TSimd.Width)
            {
                TSimd.Store(destination + i, function.Apply<TSimd, TVector, float>(TSimd.Load(first + i), TSimd.Load(second + i)));
            }

            if (whole < columns)
            {
                TVector last = function.Apply<TSimd, TVector, float>(TSimd.LoadMasked(first + whole, mask), TSimd.LoadMasked(second + whole, mask));
                TSimd.StoreMasked(destination + whole, mask, last);
            }

            first += stride;
            second += stride;
            destination += stride;
        }
    }
}
