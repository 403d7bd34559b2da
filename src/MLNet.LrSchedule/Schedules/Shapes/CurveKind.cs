namespace MLNet.LrSchedule.Schedules;

/// <summary>How the points of a <see cref="PiecewiseInterpolated"/> are joined.</summary>
public enum CurveKind
{
    /// <summary>By straight lines.</summary>
    Linear,

    /// <summary>By a smooth curve that rises and falls only where the points do (Fritsch and Carlson, 1980).</summary>
    MonotoneCubic,
}
