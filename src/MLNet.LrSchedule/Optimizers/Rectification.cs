using System;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>
/// How far the variance of Adam's step size can be trusted (Liu et al., ICLR 2020, eq. 5 to 9): with the share b2 and t steps, the length of the
/// moving average is rho = L - 2 t P / (1 - P), where L = 2 / (1 - b2) - 1 is its limit and P the product of all b2 so far.
/// </summary>
internal readonly record struct Rectification(double Length, double Limit)
{
    public static Rectification Of(double beta2, double beta2Product, double steps)
    {
        double limit = 2 / (1 - beta2) - 1;
        return new Rectification(limit - 2 * steps * beta2Product / (1 - beta2Product), limit);
    }

    /// <summary>What the step is multiplied by; null while the average is no longer than the least length (4 or more), where there is no such number.</summary>
    public double? Factor(double leastLength) => Length > leastLength
        ? Math.Sqrt((Length - 4) * (Length - 2) * Limit / ((Limit - 4) * (Limit - 2) * Length))
        : null;
}
