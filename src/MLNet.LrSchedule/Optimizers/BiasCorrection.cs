using System;

namespace MLNet.LrSchedule.Optimizers;

/// <summary>
/// What makes up for running means that started at zero. A mean over gradients with the shares beta_1 ... beta_t has the weight
/// 1 - beta_1 beta_2 ... beta_t in all; with a constant beta that is the usual 1 - beta^t, and with a beta that changes it still holds.
/// </summary>
/// <param name="First">1 minus the product of all Beta1 so far.</param>
/// <param name="Second">1 minus the product of all Beta2 so far.</param>
internal readonly record struct BiasCorrection(double First, double Second)
{
    public static readonly (string, double)[] Scalars = [("product of beta1", 1), ("product of beta2", 1)];

    /// <summary>The correction as it stands.</summary>
    public static BiasCorrection Of(ReadOnlySpan<double> scalars) => new(1 - scalars[0], 1 - scalars[1]);

    /// <summary>Multiplies this step's betas into the products and gives the step's correction.</summary>
    public static BiasCorrection Advance(Span<double> scalars, in StepValues values)
    {
        scalars[0] *= values.Beta1;
        scalars[1] *= values.Beta2;
        return Of(scalars);
    }
}
