using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>The standard normal distribution, by the rules of <see cref="VectorMath"/>.</summary>
internal static class NormalDistribution
{
    private const double InverseRootOfTwoPi = 0.3989422804014327;

    /// <summary>
    /// Phi(x), the probability of a value below x, within 5.5 ulp: also the small probabilities of negative x keep their relative accuracy.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Cumulative<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)Cumulative((double)(object)x);
        }

        // Phi(-a) = e^(-a^2/2) R(a), where R (Mills' ratio over the root of 2 pi) is smooth: with t = 1 / (1 + 0.3 a),
        // it is t times a polynomial in u = 1 - t that starts at 1/2, on 0 <= a <= 15.
        TVector one = TSimd.Constant(1);
        TVector limit = TSimd.Constant(15);
        TVector a = TSimd.Absolute(x);
        a = TSimd.SelectLessThan(limit, a, limit, a);
        TVector scaled = TSimd.Multiply(a, TSimd.Constant(0.3));
        TVector t = TSimd.Divide(one, TSimd.Add(scaled, one));
        TVector u = TSimd.Multiply(scaled, t);
        TVector series = TSimd.Constant(0.018278548693298039);
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(-0.064647449155295994));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(0.058296919729960595));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(0.020548482740152758));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(0.018471064608670752));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(-0.13839753817188749));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(-0.081221432282996289));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(0.61816009108145265));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(-0.82980758880549865));
        series = TSimd.FusedMultiplyAdd(series, u, TSimd.Constant(0.5));
        TVector tail = TSimd.Multiply(TSimd.Multiply(series, t), ExpOfHalfSquare<TSimd, TVector, TElement>(a));
        return TSimd.SelectLessThan(x, TSimd.Constant(0), tail, TSimd.Subtract(one, tail));
    }

    /// <summary>The density e^(-x^2/2) / sqrt(2 pi).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Density<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged =>
        TSimd.Multiply(ExpOfHalfSquare<TSimd, TVector, TElement>(x), TSimd.Constant(InverseRootOfTwoPi));

    // e^(-x^2/2). The rounding of x^2 would be multiplied by the exponent: its error, which a fused multiply-add gives exactly, is applied to first order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpOfHalfSquare<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector limit = TSimd.Constant(100);
        x = TSimd.Absolute(x);
        x = TSimd.SelectLessThan(limit, x, limit, x);
        TVector square = TSimd.Multiply(x, x);
        TVector error = TSimd.FusedMultiplyAdd(x, x, TSimd.Subtract(TSimd.Constant(0), square));
        TVector exponential = VectorMath.Exp<TSimd, TVector, TElement>(TSimd.Multiply(square, TSimd.Constant(-0.5)));
        return TSimd.FusedMultiplyAdd(TSimd.Multiply(error, TSimd.Constant(-0.5)), exponential, exponential);
    }

    private static double Cumulative(double x)
    {
        double a = Math.Abs(x);
        double density = Math.Exp(-0.5 * a * a) * InverseRootOfTwoPi;
        double tail = a < 2.5 ? 0.5 - (density * OddSeries(a)) : density / ContinuedFraction(a);
        return x < 0 ? tail : 1 - tail;
    }

    // a + a^3/3 + a^5/15 + ...: the integral of the density from 0 to a over the density at a.
    private static double OddSeries(double a)
    {
        double term = a;
        double sum = a;
        for (int n = 3; term > sum * 1e-17; n += 2)
        {
            term *= a * a / n;
            sum += term;
        }

        return sum;
    }

    // a + 1/(a + 2/(a + 3/(a + ...))): the density over the tail beyond a.
    private static double ContinuedFraction(double a)
    {
        const int Terms = 200;
        double value = a;
        for (int n = Terms; n > 0; n--)
        {
            value = a + (n / value);
        }

        return value;
    }
}
