using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

/// <summary>Storage outside the collected heap: all of it can be written, it goes when it is told to, and what is kept of it is bounded.</summary>
public sealed unsafe class PageMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 17)]
    public void Every_element_can_be_written_and_read(int length)
    {
        using PageMemory memory = new(length), other = new(length);
        Span<float> values = new(memory.Pointer, length), others = new(other.Pointer, length);

        values.Fill(1);
        others.Fill(2);

        Assert.Equal(length, memory.Length);
        Assert.Equal(0, (long)memory.Pointer % 64);
        Assert.False(values.ContainsAnyExcept(1f));
        Assert.False(others.ContainsAnyExcept(2f));
    }

    [Fact]
    public void What_is_disposed_of_cannot_be_used()
    {
        PageMemory memory = new(1 << 21);
        memory.Dispose();
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => (nint)memory.Pointer);
    }

    [Fact]
    public void What_is_kept_is_bounded_and_never_handed_out_twice()
    {
        const int Length = 20 << 20;
        for (int round = 0; round < 2; round++)
        {
            PageMemory[] all = [.. Enumerable.Range(0, 4).Select(_ => new PageMemory(Length))];
            HashSet<nint> places = [.. all.Select(memory => (nint)memory.Pointer)];
            Assert.Equal(all.Length, places.Count);
            foreach (PageMemory memory in all)
            {
                memory.Pointer[Length - 1] = 1;
                memory.Dispose();
            }

            Assert.InRange(KeptMemory.Bytes, 0, KeptMemory.MaximumBytes);
        }
    }

    // Ranges of a size that short runs use, of which the kernel is not told.
    [Fact]
    public void What_is_kept_of_small_ranges_is_bounded_too()
    {
        const int Length = 300_000;
        const int Ranges = 60;
        PageMemory[] all = [.. Enumerable.Range(0, Ranges).Select(_ => new PageMemory(Length))];
        Assert.Equal(Ranges, all.Select(memory => (nint)memory.Pointer).Distinct().Count());
        foreach (PageMemory memory in all)
        {
            new Span<float>(memory.Pointer, Length).Fill(1);
            memory.Dispose();
        }

        Assert.InRange(KeptMemory.SmallBytes, 0, KeptMemory.MaximumSmallBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData((3 << 20) + 17)]
    public void An_array_of_zeros_and_one_that_is_undefined_are_aligned_and_all_there(int length)
    {
        FloatBuffer zeros = new(length), undefined = FloatBuffer.Undefined(length);

        undefined.Span.Fill(1);

        Assert.Equal(length, zeros.Length);
        Assert.False(zeros.Span.ContainsAnyExcept(0f));
        Assert.False(undefined.Span.ContainsAnyExcept(1f));
        Assert.Equal(0, (long)undefined.Pointer % 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatBuffer.Undefined(-1));
    }
}
