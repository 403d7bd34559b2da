namespace MLNet.LrSchedule.Optimizers;

/// <summary>Where Adam adds its epsilon; m and v are the corrected running means of the gradient and of its square, c the correction of v.</summary>
public enum EpsilonPlacement
{
    /// <summary>m / (sqrt(v) + epsilon): to the corrected root. PyTorch; Kingma and Ba, ICLR 2015, algorithm 1.</summary>
    AfterBiasCorrection,

    /// <summary>
    /// m / (sqrt(v) + epsilon / sqrt(c)): to the root before its correction, so that it weighs more in the first steps ("epsilon hat").
    /// Keras, scikit-learn; Kingma and Ba, ICLR 2015, end of section 2.
    /// </summary>
    BeforeBiasCorrection,
}
