using System.Text.Json.Serialization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Where a reactive schedule stands after some epochs: everything it needs to go on, and what it asks of the training loop. Immutable.</summary>
/// <remarks>Saved with a checkpoint (<see cref="ReactiveJson"/>), so that a resumed run continues as if it had never stopped.</remarks>
[JsonConverter(typeof(ReactiveStateConverter))]
public abstract record ReactiveState
{
    /// <summary>What the learning rate of the curve beneath is multiplied by; finite and at least 0. 1 at the start.</summary>
    public double Factor { get; init => field = Require.NonNegative(value, nameof(Factor)); } = 1;

    /// <summary>Whether training should stop after this epoch.</summary>
    public bool StopRequested { get; init; }

    /// <summary>
    /// Why the latest epoch changed something, for example <c>"epoch 12: validation loss 0.412 has not improved for 5 epochs: factor 0.25 -> 0.125"</c>;
    /// null if it changed nothing.
    /// </summary>
    public string? Reason { get; init; }
}
