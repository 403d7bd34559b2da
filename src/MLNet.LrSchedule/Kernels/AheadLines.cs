using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// The cache lines of a block of rows that will be read soon. They are asked for a few at a time in between other work: asked for all at once, they would keep that work waiting for its own
/// memory. Only a hint, as prefetches are: it may point past the end of what there is, and other processors than x86 take none.
/// </summary>
internal unsafe struct AheadLines
{
    // More lines in a turn between the steps of a tile would keep the tile waiting.
    private const int MaxLinesPerTurn = 12;

    private const int NumbersOfLine = CachePrefetch.LineLength / sizeof(float);

    private readonly nint _toNextRow;
    private readonly int _linesOfRow;
    private float* _next;
    private int _leftInRow;

    /// <param name="first">The first number of the first row.</param>
    /// <param name="rows">Number of rows; zero or more.</param>
    /// <param name="length">Numbers in a row; zero or more.</param>
    /// <param name="stride">Numbers from the start of one row to that of the next.</param>
    public AheadLines(float* first, int rows, int length, nint stride)
    {
        _next = first;
        _linesOfRow = (length + NumbersOfLine - 1) / NumbersOfLine;
        _leftInRow = _linesOfRow;
        _toNextRow = stride - ((nint)_linesOfRow * NumbersOfLine);
        Left = rows * _linesOfRow;
    }

    /// <summary>How many lines have not been asked for.</summary>
    public int Left { get; private set; }

    /// <summary>How many lines a turn asks for.</summary>
    public int PerTurn { get; private set; }

    /// <summary>Divides the lines among turns.</summary>
    /// <param name="turns">Number of turns; at least 1.</param>
    /// <param name="maximum">The most lines of a turn. What is left when the turns are over is not asked for.</param>
    public void Divide(int turns, int maximum = MaxLinesPerTurn)
    {
        int lines = (Left + turns - 1) / turns;
        PerTurn = lines < maximum ? lines : maximum;
    }

    /// <summary>Asks for the lines of one turn, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask()
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        int lines = PerTurn < Left ? PerTurn : Left;
        Left -= lines;
        for (; lines > 0; lines--)
        {
            Sse.Prefetch1(_next);
            _next += NumbersOfLine;
            if (--_leftInRow == 0)
            {
                _next += _toNextRow;
                _leftInRow = _linesOfRow;
            }
        }
    }
}
