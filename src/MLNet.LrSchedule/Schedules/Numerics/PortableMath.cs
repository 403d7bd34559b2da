using System;

namespace MLNet.LrSchedule.Schedules;

/// <summary>
/// Exponential, logarithm, power, cosine and hyperbolic tangent from additions, multiplications and divisions alone, to about one unit in the last place.
/// </summary>
/// <remarks>
/// The functions of <see cref="Math"/> come from the platform's C library and may differ in the last bit between machines. A learning rate
/// reaches every weight, so a run continued on another machine must read the same bits. Only operations that IEEE 754 rounds exactly are used.
/// </remarks>
internal static class PortableMath
{
    // ln 2 in two parts: the high part has enough trailing zeros that k * Ln2High is exact for every exponent k of a double.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896340736;

    // Above this exponent x^n comes from logarithms: repeated squaring doubles its rounding error each time.
    private const double LargestSquaringExponent = 64;

    /// <summary>e^x. Exactly 1 at 0.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x) || x > 709.79)
        {
            return double.IsNaN(x) ? x : double.PositiveInfinity;
        }

        if (x < -745.2)
        {
            return 0;
        }

        var k = Math.Round(x * InverseLn2);
        var high = x - (k * Ln2High);
        var low = k * Ln2Low;
        var r = high - low;

        // Taylor series to degree 13: |r| <= ln(2)/2, so the first omitted term is below 5e-18.
        var tail = 1.0 / 6227020800;
        tail = (tail * r) + (1.0 / 479001600);
        tail = (tail * r) + (1.0 / 39916800);
        tail = (tail * r) + (1.0 / 3628800);
        tail = (tail * r) + (1.0 / 362880);
        tail = (tail * r) + (1.0 / 40320);
        tail = (tail * r) + (1.0 / 5040);
        tail = (tail * r) + (1.0 / 720);
        tail = (tail * r) + (1.0 / 120);
        tail = (tail * r) + (1.0 / 24);
        tail = (tail * r) + (1.0 / 6);
        tail = (tail * r) + 0.5;
        var value = 1 + ((r * r * tail) + ((high - r - low) + r));
        return Math.ScaleB(value, (int)k);
    }

    /// <summary>Natural logarithm of a positive number. Exactly 0 at 1.</summary>
    public static double Log(double x)
    {
        if (x <= 0 || !double.IsFinite(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        var (exponent, mantissaLog) = Split(x);
        return (exponent * Ln2High) + ((exponent * Ln2Low) + mantissaLog);
    }

    /// <summary>Logarithm of a positive number in a given base. Exact where number and base are powers of two.</summary>
    public static double Log(double x, double newBase) => Log2(x) / Log2(newBase);

    /// <summary>x^y for x at least 0. A power of two raised to a small whole number is exact.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 1 || y == 0)
        {
            return y == 1 ? x : 1;
        }

        if (x == 0)
        {
            return y > 0 ? 0 : double.PositiveInfinity;
        }

        if (y == 0.5)
        {
            return Math.Sqrt(x);
        }

        return Math.Abs(y) <= LargestSquaringExponent && y == Math.Floor(y) ? WholePower(x, (int)y) : Exp(y * Log(x));
    }

    /// <summary>cos(pi x). Exactly 1, 0 and -1 at multiples of a half.</summary>
    public static double CosPi(double x)
    {
        var y = Math.Abs(x - (2 * Math.Round(x / 2)));
        if (y > 0.5)
        {
            return -CosPiUpToHalf(1 - y);
        }

        return CosPiUpToHalf(y);
    }

    /// <summary>(1 - tanh x) / 2, without cancellation for large x.</summary>
    public static double HalfComplementOfTanh(double x) => 1 / (1 + Exp(2 * x));

    private static double Log2(double x)
    {
        var (exponent, mantissaLog) = Split(x);
        return exponent + (mantissaLog * InverseLn2);
    }

    // x = m * 2^exponent with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh((m - 1) / (m + 1)), |s| <= 0.172, so the first omitted term is below 2e-19.
    private static (double Exponent, double MantissaLog) Split(double x)
    {
        var exponent = Math.ILogB(x);
        var m = Math.ScaleB(x, -exponent);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        var s = (m - 1) / (m + 1);
        var z = s * s;
        var tail = 1.0 / 23;
        tail = (tail * z) + (1.0 / 21);
        tail = (tail * z) + (1.0 / 19);
        tail = (tail * z) + (1.0 / 17);
        tail = (tail * z) + (1.0 / 15);
        tail = (tail * z) + (1.0 / 13);
        tail = (tail * z) + (1.0 / 11);
        tail = (tail * z) + (1.0 / 9);
        tail = (tail * z) + (1.0 / 7);
        tail = (tail * z) + (1.0 / 5);
        tail = (tail * z) + (1.0 / 3);
        return (exponent, (2 * s) + (2 * s * z * tail));
    }

    private static double WholePower(double x, int n)
    {
        var result = 1.0;
        var square = x;
        for (var rest = Math.Abs(n); rest > 0; rest >>= 1)
        {
            if ((rest & 1) == 1)
            {
                result *= square;
            }

            square *= square;
        }

        return n < 0 ? 1 / result : result;
    }

    private static double CosPiUpToHalf(double y) => y > 0.25 ? Sin(Math.PI * (0.5 - y)) : Cos(Math.PI * y);

    // Taylor series; |z| <= pi/4, so the first omitted terms are below 3e-18.
    private static double Cos(double z)
    {
        var q = z * z;
        var tail = 1.0 / 20922789888000;
        tail = (tail * q) - (1.0 / 87178291200);
        tail = (tail * q) + (1.0 / 479001600);
        tail = (tail * q) - (1.0 / 3628800);
        tail = (tail * q) + (1.0 / 40320);
        tail = (tail * q) - (1.0 / 720);
        tail = (tail * q) + (1.0 / 24);
        tail = (tail * q) - 0.5;
        return 1 + (tail * q);
    }

    private static double Sin(double z)
    {
        var q = z * z;
        var tail = 1.0 / 355687428096000;
        tail = (tail * q) - (1.0 / 1307674368000);
        tail = (tail * q) + (1.0 / 6227020800);
        tail = (tail * q) - (1.0 / 39916800);
        tail = (tail * q) + (1.0 / 362880);
        tail = (tail * q) - (1.0 / 5040);
        tail = (tail * q) + (1.0 / 120);
        tail = (tail * q) - (1.0 / 6);
        return z + (z * q * tail);
    }
}
