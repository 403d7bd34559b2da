using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Memory that the kernel has mapped.</summary>
internal readonly record struct MappedRange(nint Address, nuint Bytes);

/// <summary>
/// Memory of data sets and runs that are gone, kept for the next, as in cross-validation, in one-versus-all or when a fit is tried again with other options: finding and
/// clearing pages takes longer than copying the rows into them. There are never more than <see cref="MaximumBytes"/>, and the kernel is told that it may take large ranges whenever it has
/// need of them (<c>MADV_FREE</c>); to tell it of the small ones of a short run, and to have pages cleared again
/// that it has taken meanwhile, would take up to some hundredths of that.
/// </summary>
internal static unsafe class KeptMemory
{
    /// <summary>The most that is kept in a process.</summary>
    public const long MaximumBytes = 128L << 20;

    /// <summary>The most that is kept of small ranges.</summary>
    public const long MaximumSmallBytes = 48L << 20;

    // Those that threads pack operands into are smaller.
    private const nuint LargeBytes = 8 << 20;

    private static readonly List<MappedRange> _kept = [];

    /// <summary>What is kept now.</summary>
    public static long Bytes
    {
        get
        {
            lock (_kept)
            {
                return Count();
            }
        }
    }

    /// <summary>What of it are small ranges.</summary>
    public static long SmallBytes
    {
        get
        {
            lock (_kept)
            {
                return CountSmall();
            }
        }
    }

    /// <summary>Takes a range of at least so many bytes, and less than twice as many, where there is one. Its content is undefined.</summary>
    public static bool TryTake(nuint bytes, out MappedRange range)
    {
        lock (_kept)
        {
            int best = -1;
            for (int i = 0; i < _kept.Count; i++)
            {
                if (_kept[i].Bytes >= bytes && _kept[i].Bytes / 2 < bytes && (best < 0 || _kept[i].Bytes < _kept[best].Bytes))
                {
                    best = i;
                }
            }

            range = best < 0 ? default : _kept[best];
            if (best >= 0)
            {
                _kept.RemoveAt(best);
            }

            return best >= 0;
        }
    }

    /// <summary>Keeps a range that nobody uses any more, or unmaps it; the oldest ones make room.</summary>
    public static void Give(MappedRange range)
    {
        bool isLarge = range.Bytes >= LargeBytes;
        if ((long)range.Bytes > MaximumBytes || (isLarge && !LinuxMemory.MayBeTaken((void*)range.Address, range.Bytes)))
        {
            LinuxMemory.Unmap((void*)range.Address, range.Bytes);
            return;
        }

        lock (_kept)
        {
            _kept.Add(range);
            while (Count() > MaximumBytes)
            {
                Unmap(0);
            }

            while (!isLarge && CountSmall() > MaximumSmallBytes)
            {
                Unmap(_kept.FindIndex(kept => kept.Bytes < LargeBytes));
            }
        }
    }

    private static void Unmap(int index)
    {
        LinuxMemory.Unmap((void*)_kept[index].Address, _kept[index].Bytes);
        _kept.RemoveAt(index);
    }

    private static long Count() => _kept.Sum(range => (long)range.Bytes);

    private static long CountSmall() => _kept.Sum(range => range.Bytes < LargeBytes ? (long)range.Bytes : 0);
}
