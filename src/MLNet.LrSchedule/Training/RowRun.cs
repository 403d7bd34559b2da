using System.Collections.Generic;

namespace MLNet.LrSchedule.Training;

/// <summary>Rows that follow each other in the data and lie one behind the other in one of several parts.</summary>
/// <param name="Part">The part's number.</param>
/// <param name="First">The first row's number in the part.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct RowRun(int Part, int First, int Count)
{
    /// <summary>Where each row lies, in the order of the runs, when the parts lie one behind the other.</summary>
    /// <param name="runs">Which rows follow each other.</param>
    /// <param name="blocks">The blocks of each part.</param>
    /// <param name="blockShift">A block has room for 2^<paramref name="blockShift"/> rows.</param>
    public static int[] Places(IReadOnlyList<RowRun> runs, int[] blocks, int blockShift)
    {
        int rows = 0;
        foreach (var run in runs)
            rows = checked(rows + run.Count);
        int[] starts = new int[blocks.Length], places = new int[rows];
        for (int part = 1; part < blocks.Length; part++)
            starts[part] = checked(starts[part - 1] + (int)((long)blocks[part - 1] << blockShift));
        int row = 0;
        foreach (var run in runs)
        {
            for (int i = 0; i < run.Count; i++)
                places[row++] = starts[run.Part] + run.First + i;
        }

        return places;
    }
}
