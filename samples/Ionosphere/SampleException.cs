using System;

namespace MLNet.LrSchedule.Samples.Ionosphere;

/// <summary>Something the user gave is wrong; the message says what, where and what to do.</summary>
internal sealed class SampleException(string message) : Exception(message);
