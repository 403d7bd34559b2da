using MathNet.Numerics.Random;

namespace MLNet.LrSchedule.Networks;

/// <summary>What a stream of random numbers is for; each purpose has its own stream in each epoch.</summary>
/// <remarks>The numbers enter the derivation of the stream and so decide bits: they never change.</remarks>
internal enum RandomPurpose
{
    InitialWeights = 1,
    Shuffle = 2,
    ValidationSelection = 3,
    Dropout = 4,
    ShufflePool = 6,
}

/// <summary>
/// Derives every random stream of a run afresh from (seed, purpose, index).
/// </summary>
/// <remarks>
/// The state of MathNet's generators cannot be read, so no stream lives longer than one epoch: a resumed run makes the stream of its
/// epoch again from three numbers. The three are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), so that
/// neighbouring seeds, purposes and epochs give unrelated streams.
/// </remarks>
internal static class RandomStream
{
    /// <summary>The generator for one purpose in one epoch (or layer); not safe for use by several threads.</summary>
    public static RandomSource Create(int seed, RandomPurpose purpose, int index) =>
        new Xoshiro256StarStar(Derive(seed, purpose, index), threadSafe: false);

    /// <summary>A 32-bit seed mixed from the three numbers.</summary>
    public static int Derive(int seed, RandomPurpose purpose, int index)
    {
        ulong mixed = Mix((uint)seed);
        mixed = Mix(mixed ^ (uint)purpose);
        mixed = Mix(mixed ^ (uint)index);
        return (int)(mixed >> 32);
    }

    /// <summary>The seed of a step's dropout masks.</summary>
    public static ulong OfStep(int seed, long step) => Mix(Mix(Mix((uint)seed) ^ (uint)RandomPurpose.Dropout) ^ (ulong)step);

    /// <summary>The finaliser of SplitMix64.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
