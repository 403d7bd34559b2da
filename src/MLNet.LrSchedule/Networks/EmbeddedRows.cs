using System;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// What comes out of a layer of embeddings where sparse rows come in and the rows stay sparse enough: the elements of no table, then the numbers of all
/// tables. It grows with the batches.
/// </summary>
internal sealed class EmbeddedRows
{
    private int[] _offsets = [0];
    private int[] _columns = [];
    private float[] _values = [];
    private float[] _numbers = [];
    private int _rows;

    public SparseRows Rows => new(_offsets.AsSpan(0, _rows + 1), _columns, _values);

    /// <summary>Room for the numbers of the tables, row by row.</summary>
    public Span<float> Numbers(int length)
    {
        if (_numbers.Length < length)
            _numbers = new float[length];
        return _numbers.AsSpan(0, length);
    }

    /// <summary>Puts the rows together, whose numbers are in <see cref="Numbers"/>.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="inputs">The rows that came in.</param>
    /// <param name="others">Columns of no table; they come first.</param>
    /// <param name="width">Numbers of all tables together.</param>
    public void Fill(ReadOnlySpan<EmbeddingTable> tables, SparseRows inputs, int others, int width)
    {
        _rows = inputs.Rows;
        Reserve(inputs.Rows, checked(inputs.Offsets[^1] - inputs.Offsets[0] + inputs.Rows * width));
        int count = 0;
        for (int row = 0; row < _rows; row++)
        {
            int table = 0, before = 0;
            for (int i = inputs.Offsets[row]; i < inputs.Offsets[row + 1]; i++)
            {
                int column = inputs.Columns[i];
                for (; table < tables.Length && column >= tables[table].End; table++)
                    before += tables[table].Categories;
                if (table < tables.Length && column >= tables[table].First)
                    continue;
                _columns[count] = column - before;
                _values[count++] = inputs.Values[i];
            }

            for (int i = 0; i < width; i++)
                _columns[count + i] = others + i;
            _numbers.AsSpan(row * width, width).CopyTo(_values.AsSpan(count));
            count += width;
            _offsets[row + 1] = count;
        }
    }

    private void Reserve(int rows, int elements)
    {
        if (_offsets.Length <= rows)
            _offsets = new int[rows + 1];
        if (_columns.Length >= elements)
            return;
        int length = Math.Max(elements, 2 * _columns.Length);
        _columns = new int[length];
        _values = new float[length];
    }
}
