using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The loops over spans of elements. A tail that does not fill a vector is loaded and stored under a mask and computed by the same operations, so the
/// bits of an element depend neither on its position nor on the width. Destination and sources may be the same memory, but not overlap otherwise.
/// </summary>
internal static unsafe class ElementLoop
{
    public static void Map<TFunction>(VectorWidth width, in TFunction function, float* source, float* destination, int count)
        where TFunction : struct, IElementFunction
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                Map<Simd512, Vector512<float>, float, TFunction>(function, source, destination, count);
                break;
            case VectorWidth.Bits256:
                Map<Simd256, Vector256<float>, float, TFunction>(function, source, destination, count);
                break;
            case VectorWidth.Bits128:
                Map<Simd128, Vector128<float>, float, TFunction>(function, source, destination, count);
                break;
            default:
                Map<ScalarSingle, float, float, TFunction>(function, source, destination, count);
                break;
        }
    }

    public static void Map<TFunction>(VectorWidth width, in TFunction function, float* first, float* second, float* destination, int count)
        where TFunction : struct, IElementFunction2
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                Map<Simd512, Vector512<float>, float, TFunction>(function, first, second, destination, count);
                break;
            case VectorWidth.Bits256:
                Map<Simd256, Vector256<float>, float, TFunction>(function, first, second, destination, count);
                break;
            case VectorWidth.Bits128:
                Map<Simd128, Vector128<float>, float, TFunction>(function, first, second, destination, count);
                break;
            default:
                Map<ScalarSingle, float, float, TFunction>(function, first, second, destination, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TSimd, TVector, TElement, TFunction>(TFunction function, TElement* source, TElement* destination, int count)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
        where TFunction : struct, IElementFunction
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TSimd.Store(destination + i, function.Apply<TSimd, TVector, TElement>(TSimd.Load(source + i)));
        }

        if (i < count)
        {
            TVector mask = TSimd.Mask(count - i);
            TSimd.StoreMasked(destination + i, mask, function.Apply<TSimd, TVector, TElement>(TSimd.LoadMasked(source + i, mask)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TSimd, TVector, TElement, TFunction>(
        TFunction function, TElement* first, TElement* second, TElement* destination, int count)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
        where TFunction : struct, IElementFunction2
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector result = function.Apply<TSimd, TVector, TElement>(TSimd.Load(first + i), TSimd.Load(second + i));
            TSimd.Store(destination + i, result);
        }

        if (i < count)
        {
            TVector mask = TSimd.Mask(count - i);
            TVector result = function.Apply<TSimd, TVector, TElement>(TSimd.LoadMasked(first + i, mask), TSimd.LoadMasked(second + i, mask));
            TSimd.StoreMasked(destination + i, mask, result);
        }
    }
}
