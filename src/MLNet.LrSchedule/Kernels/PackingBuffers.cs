namespace MLNet.LrSchedule.Kernels;

/// <summary>Where one thread packs the operands of a product. The buffers grow to the largest block and stay.</summary>
internal sealed unsafe class PackingBuffers
{
    private FloatBuffer _left = new(0);
    private FloatBuffer _right = new(0);

    /// <summary>Room for packed panels of the left operand. The content is undefined; the pointer is good until the next call.</summary>
    public float* Left(int length) => Reserve(ref _left, length);

    /// <summary>Room for packed panels of the right operand. The content is undefined; the pointer is good until the next call.</summary>
    public float* Right(int length) => Reserve(ref _right, length);

    private static float* Reserve(ref FloatBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new FloatBuffer(length);
        }

        return buffer.Pointer;
    }
}
