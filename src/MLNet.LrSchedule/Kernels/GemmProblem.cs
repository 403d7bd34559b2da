namespace MLNet.LrSchedule.Kernels;

/// <summary>result[rows x columns] = start + left[rows x depth] * right[depth x columns], each result one ascending chain over the depth.</summary>
internal unsafe struct GemmProblem
{
    /// <summary>Element (row, step) is at row * LeftRowStride + step * LeftStepStride; one of the two strides is 1.</summary>
    public float* Left;
    public nint LeftRowStride;
    public nint LeftStepStride;

    /// <summary>Element (step, column) is at step * RightStride + column, or at column * RightStride + step if transposed.</summary>
    public float* Right;
    public nint RightStride;
    public bool RightTransposed;

    /// <summary>One row of starting values, the same for every row of the result.</summary>
    public float* Start;

    /// <summary>Element (row, column) is at row * ResultStride + column.</summary>
    public float* Result;
    public nint ResultStride;

    public int Rows;
    public int Columns;
    public int Depth;

    /// <summary>Whether it is divided by columns whatever its shape, as the product before it was, whose operand the results will change.</summary>
    public bool FollowsColumns;

    /// <summary>Whether each thread has some rows of what it reads most of in its cache, even where threads are far from each other.</summary>
    public bool HasSharedRows;

    /// <summary>What is done with the results; nothing unless set.</summary>
    public ProductFinish Finish;

    public readonly bool LeftRowsAdjacent => LeftRowStride == 1;

    /// <summary>The part of the problem that computes some of its columns.</summary>
    public readonly GemmProblem SliceColumns(int first, int count)
    {
        GemmProblem slice = this;
        slice.Right += RightTransposed ? first * RightStride : first;
        slice.Start += first;
        slice.Result += first;
        slice.Columns = count;
        slice.Finish.Sums = Finish.Sums == null ? null : Finish.Sums + first;
        return slice;
    }

    /// <summary>The part of the problem that computes some of its rows. Those before must be finished where columns are added up.</summary>
    public readonly GemmProblem SliceRows(int first, int count)
    {
        GemmProblem slice = this;
        slice.Left += first * LeftRowStride;
        slice.Result += first * ResultStride;
        slice.Rows = count;
        return slice;
    }
}
