using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Where one thread packs the operands of a product. The buffers grow to the largest block and stay as long as the memory they come from.</summary>
/// <param name="memory">Where the buffers come from.</param>
internal sealed unsafe class PackingBuffers(RunMemory memory)
{
    // A buffer of so many pages of 4 KB that tiles would wait for their addresses is as large as huge pages ask for, of which what is never written takes no memory.
    private const int MinLargeLength = 64 * 1024;

    private FloatBuffer _left = new(0);
    private FloatBuffer _right = new(0);

    /// <summary>Room for packed panels of the left operand. The content is undefined; the pointer is good until the next call.</summary>
    public float* Left(int length) => Reserve(ref _left, length);

    /// <summary>Room for packed panels of the right operand. The content is undefined; the pointer is good until the next call.</summary>
    public float* Right(int length) => Reserve(ref _right, length);

    private float* Reserve(ref FloatBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = memory.Undefined(length < MinLargeLength ? length : Math.Max(length, (int)PageMemory.MinimumHugeBytes / sizeof(float)));
        }

        return buffer.Pointer;
    }
}
