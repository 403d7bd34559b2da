namespace MLNet.LrSchedule.Kernels;

/// <summary>A number of vectors that the compiler knows, so that accumulators it does not need are not there.</summary>
internal interface IVectorCount
{
    static abstract int Value { get; }
}

internal readonly struct One : IVectorCount
{
    public static int Value => 1;
}

internal readonly struct Two : IVectorCount
{
    public static int Value => 2;
}

internal readonly struct Three : IVectorCount
{
    public static int Value => 3;
}

internal readonly struct Four : IVectorCount
{
    public static int Value => 4;
}

internal readonly struct Five : IVectorCount
{
    public static int Value => 5;
}

internal readonly struct Six : IVectorCount
{
    public static int Value => 6;
}

internal readonly struct Seven : IVectorCount
{
    public static int Value => 7;
}

internal readonly struct Eight : IVectorCount
{
    public static int Value => 8;
}

internal readonly struct Sixteen : IVectorCount
{
    public static int Value => 16;
}
