using System;
using System.Collections.Generic;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The buffers of a run that nothing outlives: gradients, what the optimizer remembers, activations. Large ones lie outside the collected heap, in memory that
/// an earlier run may have had, whose pages need neither be found nor cleared again (<see cref="KeptMemory"/>); when this is disposed of, they are gone.
/// Threads may take buffers at the same time, as those that pack for themselves do.
/// </summary>
internal sealed class RunMemory : IDisposable
{
    /// <summary>
    /// From this length on a buffer lies outside the collected heap, where pinned arrays of some hundred kilobytes bring on a collection at the start of every short run.
    /// </summary>
    public const int MinimumLength = 16 * 1024;

    private readonly List<PageMemory> _pages = [];

    /// <summary>A buffer of zeros.</summary>
    /// <param name="length">Number of elements; zero or more.</param>
    public FloatBuffer Zeros(int length)
    {
        if (length < MinimumLength)
        {
            return new FloatBuffer(length);
        }

        PageMemory pages = Take(length);
        FloatBuffer buffer = new(pages);
        if (!pages.StartsAsZeros)
        {
            buffer.Span.Clear();
        }

        return buffer;
    }

    /// <summary>A buffer whose content is undefined.</summary>
    /// <param name="length">Number of elements; zero or more.</param>
    public FloatBuffer Undefined(int length) => length < MinimumLength ? new FloatBuffer(length) : new FloatBuffer(Take(length));

    public void Dispose()
    {
        foreach (PageMemory pages in _pages)
        {
            pages.Dispose();
        }

        _pages.Clear();
    }

    private PageMemory Take(int length)
    {
        PageMemory pages = new(length);
        lock (_pages)
        {
            _pages.Add(pages);
        }

        return pages;
    }
}
