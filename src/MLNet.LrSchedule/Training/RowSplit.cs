using System;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>Which rows are trained on and which are held out, as row numbers in the order of the data.</summary>
internal readonly record struct RowSplit(int[] Training, int[] Validation)
{
    /// <summary>Holds out a share of the rows.</summary>
    /// <param name="rowCount">Rows of the data.</param>
    /// <param name="fraction">Share that is held out, 0 to below 1; floor(n (1 - fraction)) rows are left to train, as in Keras.</param>
    /// <param name="selection">Which rows are held out.</param>
    /// <param name="seed">Decides the selection where it is random.</param>
    /// <exception cref="InvalidOperationException">One of the two parts would be empty.</exception>
    public static RowSplit HoldOut(int rowCount, double fraction, ValidationSelection selection, int seed)
    {
        var rows = new int[rowCount];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = i;
        if (fraction == 0)
            return new RowSplit(rows, []);

        int training = (int)TrainingRows.TrainingCount(rowCount, fraction);
        if (selection == ValidationSelection.Random)
        {
            RandomStream.Create(seed, RandomPurpose.ValidationSelection, 0).Shuffle(rows);
            // Both parts keep the order of the data, so that shuffling stays the only thing that orders rows.
            Array.Sort(rows, 0, training);
            Array.Sort(rows, training, rowCount - training);
        }

        return new RowSplit(rows[..training], rows[training..]);
    }
}
