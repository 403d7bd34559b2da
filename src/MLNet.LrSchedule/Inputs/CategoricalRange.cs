namespace MLNet.LrSchedule.Inputs;

/// <summary>A run of features of which each stands for one category of the same thing: what one-hot encoding makes of a column.</summary>
/// <param name="First">The first of the features.</param>
/// <param name="Count">Features, one for each category; at least 1.</param>
internal readonly record struct CategoricalRange(int First, int Count)
{
    public bool Contains(int feature) => feature >= First && feature - First < Count;
}
