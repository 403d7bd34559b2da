namespace MLNet.LrSchedule.Inputs;

/// <summary>How features are scaled before they come into the network, by numbers learnt from the training rows and saved with the model.</summary>
/// <remarks>
/// A feature that is the same in all training rows becomes 0. Rows that are stored sparse are scaled but not centred, so that zeros stay zeros: by the
/// standard deviation, (<see cref="Robust"/>) half the range, or (<see cref="StandardizeNumbers"/>) the largest absolute value where that is above 1.
/// </remarks>
public enum FeatureScaling
{
    /// <summary>Features come into the network as they are.</summary>
    None,

    /// <summary>(x - mean) / standard deviation, both over the training rows, each row counted by its weight.</summary>
    Standardize,

    /// <summary>
    /// y = (x - median) / (third quartile - first quartile), then y / sqrt(1 + (y / 3)²), which leaves the middle almost as it is and keeps outliers
    /// within ±3. Where the quartiles are equal, y = 2 (x - median) / (maximum - minimum). Rows count alike whatever their weights. Holzmüller,
    /// Grinsztajn and Steinwart, Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data, NeurIPS 2024.
    /// </summary>
    /// <remarks>Medians and quartiles are exact up to 65,536 training rows and taken from as many evenly spaced ones beyond.</remarks>
    Robust,

    /// <summary>
    /// As <see cref="Standardize"/>, but features that are 0 or 1 in all training rows, as one-hot encodings are, come into the network as they are: divided by
    /// its small deviation, an indicator of something rare would outweigh everything else.
    /// </summary>
    StandardizeNumbers,
}
