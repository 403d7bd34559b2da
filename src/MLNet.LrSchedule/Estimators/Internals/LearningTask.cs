namespace MLNet.LrSchedule.Internals;

/// <summary>What a network is trained for; it decides the label's type, the number of outputs and the columns a model adds.</summary>
internal enum LearningTask
{
    /// <summary>A <see cref="bool"/> label; one output, the logit.</summary>
    BinaryClassification,

    /// <summary>A key label; one output per class.</summary>
    MulticlassClassification,

    /// <summary>A <see cref="float"/> label; one output, the value.</summary>
    Regression,
}
