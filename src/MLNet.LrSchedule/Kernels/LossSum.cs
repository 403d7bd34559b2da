namespace MLNet.LrSchedule.Kernels;

/// <summary>Sums over the rows of a batch, accumulated in double precision in ascending order of the rows.</summary>
/// <param name="Loss">The sum of weight times loss.</param>
/// <param name="Weight">The sum of the weights; the number of rows where there are none.</param>
/// <param name="Correct">The sum of the weights of the rows whose class is predicted rightly; zero for regression losses.</param>
internal readonly record struct LossSum(double Loss, double Weight, double Correct)
{
    public static LossSum operator +(LossSum left, LossSum right) =>
        new(left.Loss + right.Loss, left.Weight + right.Weight, left.Correct + right.Correct);
}
