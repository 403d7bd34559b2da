using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// SGD with momentum and nothing else, neither penalty nor decay nor look-ahead: slot = momentum * slot + gradientFactor * gradient, then weight = weight + slotFactor * slot. Short enough for
/// tiles, which apply it to gradients that they have in registers, see <see cref="TileEnd.Momentum"/>; the bits are the same there.
/// </summary>
/// <param name="momentum">The share of the slot that stays.</param>
/// <param name="gradientFactor">What the gradient is multiplied by.</param>
/// <param name="slotFactor">What the slot is multiplied by before it is added to the weight.</param>
internal readonly struct MomentumRule(double momentum, double gradientFactor, double slotFactor) : IUpdateRule
{
    public static int NumberOfSlots => 1;

    public double Momentum => momentum;

    public double GradientFactor => gradientFactor;

    public double SlotFactor => slotFactor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSimd, TVector, TElement>(ref TVector weight, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : ISimd<TVector, TElement>
        where TVector : struct
        where TElement : unmanaged
    {
        slot0 = TSimd.FusedMultiplyAdd(TSimd.Constant(momentum), slot0, TSimd.Multiply(TSimd.Constant(gradientFactor), gradient));
        weight = TSimd.FusedMultiplyAdd(TSimd.Constant(slotFactor), slot0, weight);
    }
}
