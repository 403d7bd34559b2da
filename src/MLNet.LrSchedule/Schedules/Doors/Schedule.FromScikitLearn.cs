namespace MLNet.LrSchedule.Schedules;

public abstract partial record Schedule
{
    /// <summary>The learning rates of scikit-learn's <c>MLPClassifier</c> and <c>MLPRegressor</c>, with its parameters, defaults and edge behaviour.</summary>
    public static class FromScikitLearn
    {
        /// <summary><c>learning_rate='constant'</c>.</summary>
        /// <param name="learningRateInit">The rate. Default 0.001.</param>
        public static Schedule Constant(double learningRateInit = 0.001) => Schedule.Constant(learningRateInit);

        /// <summary><c>learning_rate='invscaling'</c>: <c>rate / (rows seen + 1)^powerT</c>, but moved only once an epoch.</summary>
        /// <param name="numberOfRows">Training rows, which is what scikit-learn counts; at least 1.</param>
        /// <param name="learningRateInit">Rate of the first epoch. Default 0.001.</param>
        /// <param name="powerT">Exponent; at least 0. Default 0.5.</param>
        public static Schedule InvScaling(long numberOfRows, double learningRateInit = 0.001, double powerT = 0.5) =>
            InversePower(learningRateInit, Require.AtLeast(numberOfRows, 1, nameof(numberOfRows)), powerT);

        /// <summary><c>learning_rate='adaptive'</c>: divided by 5 when there are more than <paramref name="nIterNoChange"/> bad epochs; asks to stop instead when it is down to 1e-6.</summary>
        /// <param name="metric">The metric; null for the training loss. With early stopping scikit-learn looks at the validation accuracy.</param>
        /// <param name="tol">How much better than the best, absolutely; at least 0. Default 0.0001. The best follows every gain, so slow progress never adds up to it.</param>
        /// <param name="nIterNoChange">Bad epochs that are tolerated; at least 1. Default 10.</param>
        /// <remarks>scikit-learn takes a NaN for an improvement and lets an infinity become the best. Those defects are not imitated.</remarks>
        public static ReduceOnPlateau Adaptive(Metric? metric = null, double tol = 1e-4, int nIterNoChange = 10) => new()
        {
            Metric = metric ?? Metric.TrainingLoss,
            Factor = 0.2,
            Patience = Require.AtLeast(nIterNoChange, 1, nameof(nIterNoChange)),
            PatienceRule = PatienceRule.Exceeded,
            MinDelta = tol,
            AcceptsTies = true,
            BestFollowsEveryGain = true,
            StopAtRate = 1e-6,
        };
    }
}
