namespace MLNet.LrSchedule.Inputs;

/// <summary>What becomes of rows with missing features.</summary>
public enum MissingValues
{
    /// <summary>
    /// As in ML.NET's own trainers: rows with a NaN or infinite feature are not trained on, one warning says how many there were, and a row with a NaN
    /// scores NaN.
    /// </summary>
    Skip,

    /// <summary>A feature that is NaN or infinite has the mean of its finite values in the training rows, each row counted by its weight.</summary>
    Mean,

    /// <summary>As <see cref="Mean"/>, and each feature that is missing in any training row brings one more input: 1 where it is missing, else 0.</summary>
    MeanAndIndicator,
}
