using Microsoft.ML.Runtime;

namespace MLNet.LrSchedule.Internals;

/// <summary>What one call of a trainer's <c>Fit</c> brings.</summary>
/// <param name="Training">The rows to train on.</param>
/// <param name="Validation">The rows to validate on, where the caller gave them.</param>
/// <param name="Start">The model to continue from, where the caller gave one.</param>
/// <param name="Channel">Where messages go; they reach the context's <c>Log</c> event.</param>
internal sealed record TrainingRequest(LabelledData Training, LabelledData? Validation, object? Start, IChannel Channel);
