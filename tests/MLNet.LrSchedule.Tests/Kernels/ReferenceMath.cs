using System;

namespace MLNet.LrSchedule.Tests.Kernels;

/// <summary>Double-precision functions that <see cref="Math"/> lacks, by series where the textbook form cancels.</summary>
internal static class ReferenceMath
{
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return Math.Exp(x) - 1;
        }

        double term = x;
        double sum = x;
        for (int n = 2; n < 30; n++)
        {
            term *= x / n;
            sum += term;
        }

        return sum;
    }

    public static double Log1P(double x)
    {
        // 2 artanh(x / (2 + x)) by its series, for x in [0, 1].
        double s = x / (2 + x);
        double power = s;
        double sum = 0;
        for (int n = 1; n < 60; n += 2)
        {
            sum += power / n;
            power *= s * s;
        }

        return 2 * sum;
    }

    /// <summary>The normal distribution function, by its power series near zero and by Laplace's continued fraction in the tails.</summary>
    public static double Normal(double x)
    {
        double a = Math.Abs(x);
        double density = Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI);
        double tail;
        if (a < 2)
        {
            double power = a;
            double sum = 0;
            for (int n = 0; n < 60; n++)
            {
                sum += power / ((2 * n) + 1);
                power *= -a * a / (2 * (n + 1));
            }

            tail = 0.5 - (sum / Math.Sqrt(2 * Math.PI));
        }
        else
        {
            double fraction = a;
            for (int n = 400; n > 0; n--)
            {
                fraction = a + (n / fraction);
            }

            tail = density / fraction;
        }

        return x < 0 ? tail : 1 - tail;
    }
}
