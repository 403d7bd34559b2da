namespace MLNet.LrSchedule;

/// <summary>One class of a prediction and how probable it is.</summary>
/// <param name="Index">The class's number from 0: its place among the scores. The key that ML.NET predicts is one more.</param>
/// <param name="Name">The label's value for the class; null where the predictor knows no names.</param>
/// <param name="Probability">The class's probability, from 0 to 1.</param>
public readonly record struct ClassProbability(int Index, string? Name, float Probability);
