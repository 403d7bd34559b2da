using System;
using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Transcendental functions from multiplications, fused multiply-adds and divisions alone, so that an element has the same bits on every width and at
/// every place of a span. Errors are stated in units in the last place of the single-precision result, against the exact value, over all finite
/// arguments. In double precision (reference runs) they are those of <see cref="Math"/>.
/// </summary>
internal static class VectorMath
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 = High + Low; High has so few bits that its product with any exponent is exact.
    private const double Ln2High = 0.693359375;
    private const double Ln2Low = -2.12194440054690583e-4;

    /// <summary>e^x, within 1 ulp; subnormal results within 1.5. Zero below -104, infinity above 88.723.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)Math.Exp((double)(object)x);
        }

        x = Clamp<TSimd, TVector, TElement>(x, -104, 89);
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Constant(Log2E)));
        TVector p = TSimd.Add(ExpM1Reduced<TSimd, TVector, TElement>(x, n), TSimd.Constant(1));

        // 2^n in two factors: n reaches 128, where 2^n is no number, and -150, where it is zero.
        TVector half = TSimd.Round(TSimd.Multiply(n, TSimd.Constant(0.5)));
        return TSimd.Multiply(TSimd.Multiply(p, TSimd.PowerOfTwo(half)), TSimd.PowerOfTwo(TSimd.Subtract(n, half)));
    }

    /// <summary>e^x - 1, within 2 ulp, for x below 88. Minus one below -18.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpM1<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)ExpM1((double)(object)x);
        }

        x = Clamp<TSimd, TVector, TElement>(x, -18, 88);
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Constant(Log2E)));
        TVector scale = TSimd.PowerOfTwo(n);
        return TSimd.FusedMultiplyAdd(scale, ExpM1Reduced<TSimd, TVector, TElement>(x, n), TSimd.Subtract(scale, TSimd.Constant(1)));
    }

    /// <summary>ln x, within 1 ulp for normal and subnormal x. Minus infinity at zero, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)Math.Log((double)(object)x);
        }

        const double SmallestNormal = 1.17549435082228751e-38;
        const double Lift = 8388608; // 2^23 brings every subnormal among the normal numbers
        TVector one = TSimd.Constant(1);
        TVector zero = TSimd.Constant(0);
        TVector lift = TSimd.SelectLessThan(x, TSimd.Constant(SmallestNormal), TSimd.Constant(Lift), one);
        TVector lifted = TSimd.Multiply(x, lift);
        TVector exponent = TSimd.Exponent(lifted);

        // The mantissa, again by two factors because the exponent of the largest numbers has no inverse that is a normal number.
        TVector half = TSimd.Round(TSimd.Multiply(exponent, TSimd.Constant(-0.5)));
        TVector rest = TSimd.Subtract(TSimd.Subtract(zero, exponent), half);
        TVector f = TSimd.Subtract(TSimd.Multiply(TSimd.Multiply(lifted, TSimd.PowerOfTwo(half)), TSimd.PowerOfTwo(rest)), one);
        TVector n = TSimd.SelectLessThan(x, TSimd.Constant(SmallestNormal), TSimd.Subtract(exponent, TSimd.Constant(23)), exponent);

        // With s = f / (2 + f): ln(1 + f) = 2 artanh(s) = f - (f^2/2 - s (f^2/2 + R)), where R = s^2 P(s^2) is the series after its first term.
        TVector s = TSimd.Divide(f, TSimd.Add(f, TSimd.Constant(2)));
        TVector z = TSimd.Multiply(s, s);
        TVector series = TSimd.Constant(0.23330467216303835);
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.28550820815960665));
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.40000121839806124));
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.66666666554497089));
        TVector halfSquare = TSimd.Multiply(TSimd.Multiply(f, f), TSimd.Constant(0.5));
        TVector correction = TSimd.FusedMultiplyAdd(s, TSimd.FusedMultiplyAdd(series, z, halfSquare), TSimd.Multiply(n, TSimd.Constant(Ln2Low)));
        TVector small = TSimd.Subtract(f, TSimd.Subtract(halfSquare, correction));
        TVector result = TSimd.FusedMultiplyAdd(n, TSimd.Constant(Ln2High), small);

        // Zero, infinity, negative numbers and NaN have no exponent and are answered by the definition.
        result = TSimd.SelectLessThan(x, TSimd.Constant(double.PositiveInfinity), result, x);
        result = TSimd.SelectLessThan(x, zero, TSimd.Constant(double.NaN), result);
        return TSimd.SelectEqual(x, zero, TSimd.Constant(double.NegativeInfinity), result);
    }

    /// <summary>ln(1 + u) for u in [0, 1], within 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log1PUnit<TSimd, TVector, TElement>(TVector u)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)Log1P((double)(object)u);
        }

        // With s = u / (2 + u) in [0, 1/3]: ln(1 + u) = 2 artanh(s) = 2s + s^3 P(s^2).
        TVector s = TSimd.Divide(u, TSimd.Add(u, TSimd.Constant(2)));
        TVector z = TSimd.Multiply(s, s);
        TVector series = TSimd.Constant(0.23224329224023349);
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.21706575800880373));
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.28592357994302836));
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.39999706331929719));
        series = TSimd.FusedMultiplyAdd(series, z, TSimd.Constant(0.66666667320527417));
        return TSimd.FusedMultiplyAdd(TSimd.Multiply(s, z), series, TSimd.Add(s, s));
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), within 2.5 ulp; it neither overflows nor loses the tail of negative x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector zero = TSimd.Constant(0);
        TVector tail = Exp<TSimd, TVector, TElement>(TSimd.Subtract(zero, TSimd.Absolute(x)));
        return TSimd.Add(TSimd.SelectLessThan(x, zero, zero, x), Log1PUnit<TSimd, TVector, TElement>(tail));
    }

    /// <summary>1 / (1 + e^-x), within 2.5 ulp down to the subnormal numbers: the exponential is of -|x|, so it never overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector one = TSimd.Constant(1);
        TVector zero = TSimd.Constant(0);
        TVector tail = Exp<TSimd, TVector, TElement>(TSimd.Subtract(zero, TSimd.Absolute(x)));
        return TSimd.Divide(TSimd.SelectLessThan(x, zero, tail, one), TSimd.Add(one, tail));
    }

    /// <summary>tanh x = (e^2|x| - 1) / (e^2|x| + 1) with the sign of x, within 2.5 ulp; small x keep their relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TSimd, TVector, TElement>(TVector x)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(double))
        {
            return (TVector)(object)Math.Tanh((double)(object)x);
        }

        // From 9.02 on the nearest single-precision number is 1, which the quotient gives at 10 as well.
        TVector ten = TSimd.Constant(10);
        TVector magnitude = TSimd.Absolute(x);
        magnitude = TSimd.SelectLessThan(ten, magnitude, ten, magnitude);
        TVector e = ExpM1<TSimd, TVector, TElement>(TSimd.Add(magnitude, magnitude));
        return TSimd.CopySign(TSimd.Divide(e, TSimd.Add(e, TSimd.Constant(2))), x);
    }

    // e^r - 1 for r = x - n ln 2, |r| <= ln 2 / 2: r + r^2 q(r).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpM1Reduced<TSimd, TVector, TElement>(TVector x, TVector n)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector r = TSimd.FusedMultiplyAdd(n, TSimd.Constant(-Ln2High), x);
        r = TSimd.FusedMultiplyAdd(n, TSimd.Constant(-Ln2Low), r);
        TVector q = TSimd.Constant(0.0013926183587713494);
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.0083631790527225781));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.041666554617204574));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.16666576989698775));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.5));
        return TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), q, r);
    }

    // The comparisons are written so that a NaN passes through.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Clamp<TSimd, TVector, TElement>(TVector x, double low, double high)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector lowest = TSimd.Constant(low);
        TVector highest = TSimd.Constant(high);
        x = TSimd.SelectLessThan(x, lowest, lowest, x);
        return TSimd.SelectLessThan(highest, x, highest, x);
    }

    // Kahan's correction of ln(1 + u) and of e^x - 1 for the rounding of the inner sum and difference.
    private static double Log1P(double u)
    {
        double sum = 1 + u;
        return sum == 1 ? u : Math.Log(sum) * (u / (sum - 1));
    }

    private static double ExpM1(double x)
    {
        double exponential = Math.Exp(x);
        if (exponential == 1)
        {
            return x;
        }

        double difference = exponential - 1;
        return difference == -1 || double.IsInfinity(exponential) ? difference : difference * (x / Math.Log(exponential));
    }
}
