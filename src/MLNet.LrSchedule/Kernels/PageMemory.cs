using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Single-precision storage for the rows of a data set or the buffers of a run, outside the garbage collector's heap: collections neither visit it nor are brought on by it, and it
/// goes back to the operating system when it is disposed of, but for what <see cref="KeptMemory"/> holds. It starts undefined. Memory that is never written
/// takes none.
/// </summary>
/// <remarks>
/// What a large data set costs when it is read, and a large network in its first step, is above all memory that is touched for the first time: the processor stops at every page of 4 KB until the
/// kernel has found and cleared it. On Linux, where the kernel's usual setting gives larger pages to those who ask for them only (transparent huge pages,
/// <c>madvise</c>), storage from 4 MB on asks for pages of 2 MB, as NumPy does for its arrays. Elsewhere, and where the kernel has none, pages are as they come.
/// </remarks>
internal sealed unsafe class PageMemory : IDisposable
{
    /// <summary>Storage from so many bytes on asks for huge pages; for less, a page that is used in part would cost more than it saves.</summary>
    public const nuint MinimumHugeBytes = 4 << 20;

    // What is smaller the C library has at hand; the rest it would give back to the kernel at once, and find again, page by page, in the next run.
    private const nuint MinimumMappedBytes = 256 << 10;

    private const nuint HugePage = 2 << 20;
    private const nuint Alignment = 64;

    private float* _pointer;
    private MappedRange _mapping;

    /// <param name="length">Number of elements; at least 1.</param>
    /// <exception cref="OutOfMemoryException">There is not so much memory.</exception>
    public PageMemory(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        nuint bytes = checked((nuint)length * sizeof(float));
        if (LinuxMemory.IsAvailable && bytes >= MinimumMappedBytes)
        {
            Map(bytes);
            return;
        }

        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
    }

    ~PageMemory() => Release();

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Whether all elements were zero at first.</summary>
    public bool StartsAsZeros { get; private set; }

    /// <summary>The first element. Valid until this is disposed of, and only while it is reachable.</summary>
    public float* Pointer => _pointer is not null ? _pointer : throw new ObjectDisposedException(nameof(PageMemory));

    /// <summary>
    /// Asks for huge pages inside of memory that somebody else has and has not touched yet, if it is large enough for them. An array of the collected heap may be given: what is
    /// asked for are whole pages of it alone, and whatever comes to lie there later has them as well.
    /// </summary>
    public static void AskForHugePages(void* memory, nuint bytes)
    {
        if (bytes < MinimumHugeBytes || !LinuxMemory.IsAvailable)
        {
            return;
        }

        nuint first = ((nuint)memory + HugePage - 1) / HugePage * HugePage;
        nuint end = ((nuint)memory + bytes) / HugePage * HugePage;
        LinuxMemory.AskForHugePages((void*)first, end - first);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    // Huge pages lie on multiples of their size, so that one more is mapped than is used; what lies outside is never touched.
    private void Map(nuint bytes)
    {
        bool isHuge = bytes >= MinimumHugeBytes;
        nuint page = isHuge ? HugePage : (nuint)Environment.SystemPageSize;
        nuint whole = (bytes + page - 1) / page * page;
        nuint mapped = isHuge ? whole + HugePage : whole;
        bool isKept = KeptMemory.TryTake(mapped, out _mapping);
        if (!isKept)
        {
            void* address = LinuxMemory.Map(mapped);
            if (address is null)
            {
                throw new OutOfMemoryException($"There are no {bytes:N0} bytes of memory.");
            }

            _mapping = new MappedRange((nint)address, mapped);
            StartsAsZeros = true;
        }

        nuint start = ((nuint)_mapping.Address + page - 1) / page * page;
        if (isHuge && !isKept)
        {
            LinuxMemory.AskForHugePages((void*)start, whole);
        }

        _pointer = (float*)start;
    }

    private void Release()
    {
        if (_mapping.Bytes > 0)
        {
            KeptMemory.Give(_mapping);
        }
        else if (_pointer is not null)
        {
            NativeMemory.AlignedFree(_pointer);
        }

        _mapping = default;
        _pointer = null;
    }
}
