namespace MLNet.LrSchedule.Schedules;

/// <summary>Mixes two values so that a weight of 0 gives the first and a weight of 1 the second, both exactly.</summary>
internal static class Blend
{
    // zero + (one - zero) * weight misses 'one' by rounding when the two differ in size.
    public static double Between(double zero, double one, double weight) => weight == 1 ? one : zero + ((one - zero) * weight);
}
