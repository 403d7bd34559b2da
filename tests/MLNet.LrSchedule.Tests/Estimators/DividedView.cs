using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>Rows in memory whose cursor set divides them in batches as it is told, and which can do something when a row is read.</summary>
/// <param name="rows">The rows.</param>
/// <param name="divide">Given the number of cursors, the batch of every row (never descending) and the cursor that each batch belongs to.</param>
/// <param name="knowsCount">Whether the view knows how many rows it has.</param>
/// <param name="onRead">Given the number of every row whose features are read.</param>
/// <param name="onMove">Given the number of every row that a cursor moves to.</param>
internal sealed class DividedView(
    IReadOnlyList<BinaryRow> rows,
    Func<int, (Func<int, long> BatchOfRow, Func<long, int> CursorOfBatch)> divide,
    bool knowsCount = true,
    Action<int>? onRead = null,
    Action<int>? onMove = null) : IDataView
{
    private static readonly Func<int, long> _noBatches = _ => 0;

    public DataViewSchema Schema { get; } = MakeSchema(rows[0].Features.Length);

    public bool CanShuffle => false;

    /// <summary>The threads that have read features.</summary>
    public ConcurrentDictionary<int, bool> Threads { get; } = [];

    /// <summary>Batches of very different lengths, which go to the cursors in no order: cursor 0 has half of the rows and no row of the first batch.</summary>
    public static (Func<int, long> BatchOfRow, Func<long, int> CursorOfBatch) Uneven(int cursors)
    {
        long[] lengths = [3, 1, 700, 2, 64, 300, 5, 1_200, 40, 9];
        long cycle = lengths.Sum();
        return (BatchOfRow, batch => batch % 10 is 2 or 7 ? 0 : 1 + (int)(batch * 7 % (cursors - 1)));

        long BatchOfRow(int row)
        {
            long batch = row / cycle * 10;
            for (long left = row % cycle; left >= lengths[batch % 10]; batch++)
            {
                left -= lengths[batch % 10];
            }

            return batch;
        }
    }

    /// <summary>Batches of ten rows, to the cursors in turns.</summary>
    public static (Func<int, long> BatchOfRow, Func<long, int> CursorOfBatch) InTurns(int cursors) => (row => row / 10, batch => (int)(batch % cursors));

    public long? GetRowCount() => knowsCount ? rows.Count : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded, [.. Enumerable.Range(0, rows.Count)], _noBatches);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        if (n == 1)
        {
            return [GetRowCursor(columnsNeeded, rand)];
        }

        (Func<int, long> batchOfRow, Func<long, int> cursorOfBatch) = divide(n);
        ILookup<int, int> rowsOfCursor = Enumerable.Range(0, rows.Count).ToLookup(row => cursorOfBatch(batchOfRow(row)));
        return [.. Enumerable.Range(0, n).Select(cursor => new Cursor(this, columnsNeeded, [.. rowsOfCursor[cursor]], batchOfRow))];
    }

    private static DataViewSchema MakeSchema(int featureCount)
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Label", BooleanDataViewType.Instance);
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, featureCount));
        return builder.ToSchema();
    }

    private sealed class Cursor(DividedView view, IEnumerable<DataViewSchema.Column> columns, int[] numbers, Func<int, long> batchOfRow) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. columns.Select(column => column.Index)];
        private readonly IReadOnlyList<BinaryRow> _rows = view.All;
        private int _next = -1;

        public override long Position => _next;

        public override long Batch => _next >= 0 && _next < numbers.Length ? batchOfRow(numbers[_next]) : -1;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override bool MoveNext()
        {
            if (++_next >= numbers.Length)
            {
                return false;
            }

            view.OnMove?.Invoke(numbers[_next]);
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)numbers[_next], 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Name == "Label"
                ? (ValueGetter<bool>)((ref bool label) => label = _rows[numbers[_next]].Label)
                : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> features) =>
                {
                    view.Threads[Environment.CurrentManagedThreadId] = true;
                    view.OnRead?.Invoke(numbers[_next]);
                    float[] values = _rows[numbers[_next]].Features;
                    VBufferEditor<float> editor = VBufferEditor.Create(ref features, values.Length);
                    values.CopyTo(editor.Values);
                    features = editor.Commit();
                });
            return (ValueGetter<TValue>)getter;
        }
    }

    private IReadOnlyList<BinaryRow> All => rows;

    private Action<int>? OnRead => onRead;

    private Action<int>? OnMove => onMove;
}
