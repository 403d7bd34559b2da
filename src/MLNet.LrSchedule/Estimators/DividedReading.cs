using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

/// <summary>
/// Reads the cursors of a set, each on a thread of its own, into rows in the order of the data. The cursors of a set divide the rows in batches: a batch
/// belongs to one cursor, a cursor's batches ascend, and rows of lower batches come first (<c>DataViewRow.Batch</c>). Each thread keeps its rows as they come
/// and notes where a batch begins; the batches' numbers then say how the pieces follow each other.
/// </summary>
internal sealed class DividedReading
{
    private readonly LabelledData _data;
    private readonly Action _checkAlive;
    private readonly Part[] _parts;

    // Rows of batches above it are not wanted any more, because there was an error in this one.
    private long _lastWanted = long.MaxValue;

    private DividedReading(LabelledRows[] cursors, LabelledData data, int expectedRows, Action checkAlive)
    {
        _data = data;
        _checkAlive = checkAlive;
        // A little more than a fair share, for cursors are not even.
        int share = expectedRows == 0 ? 0 : (expectedRows / cursors.Length) + (expectedRows / 16 / cursors.Length) + 1;
        _parts = [.. cursors.Select(cursor => new Part(cursor, DataViewReader.Builder(data, share), DataViewReader.Builder(data, 0)))];
    }

    /// <summary>Reads the rows and disposes of the cursors.</summary>
    /// <param name="cursors">All cursors of a set.</param>
    /// <param name="data">The data they are over.</param>
    /// <param name="expectedRows">The number of rows where it is known; only saves memory and time.</param>
    /// <param name="checkAlive">Called before every row, on any of the threads; throws to end the reading.</param>
    /// <returns>
    /// The rows that are not marked, the marked ones, and how many were passed over; null where the batches' numbers tell no order, which breaks the rule for
    /// cursor sets.
    /// </returns>
    /// <exception cref="Exception">What reading the first of the rows that cannot be read throws, which is what one cursor would have come upon.</exception>
    public static (TrainingData Rows, TrainingData Marked, long Skipped)? TryRead(LabelledRows[] cursors, LabelledData data, int expectedRows, Action checkAlive)
    {
        var reading = new DividedReading(cursors, data, expectedRows, checkAlive);
        try
        {
            reading.Run();
            return reading.Result();
        }
        finally
        {
            // What was built has taken the rows over.
            foreach (Part part in reading._parts)
            {
                part.Dispose();
            }
        }
    }

    private void Run()
    {
        var threads = new List<Thread>();
        try
        {
            foreach (Part part in _parts.Skip(1))
            {
                Thread thread = new(() => Read(part)) { IsBackground = true, Name = "MLNet.LrSchedule reading" };
                thread.Start();
                threads.Add(thread);
            }

            Read(_parts[0]);
        }
        catch
        {
            // Not every thread could be started: those that were have nothing to read for.
            Want(long.MinValue);
            throw;
        }
        finally
        {
            threads.ForEach(thread => thread.Join());
        }

        Part? first = _parts.Where(part => part.Failure is not null).MinBy(part => part.FailedBatch);
        first?.Failure!.Throw();
    }

    // Never throws: what goes wrong is told when all threads have ended. The cursor goes at once, because others may wait for what it holds.
    private void Read(Part part)
    {
        try
        {
            try
            {
                Copy(part);
            }
            catch (Exception exception)
            {
                part.Fail(exception);
            }
            finally
            {
                part.Cursor.Dispose();
            }
        }
        catch (Exception exception)
        {
            part.Fail(exception);
        }

        if (part.Failure is not null)
        {
            Want(part.FailedBatch);
        }
    }

    private void Copy(Part part)
    {
        LabelledRows cursor = part.Cursor;
        while (cursor.MoveNext())
        {
            long batch = cursor.Batch;
            if (batch > Volatile.Read(ref _lastWanted))
            {
                return;
            }

            _checkAlive();
            part.Begin(batch);
            DataViewReader.Add(cursor.IsMarked ? part.Marked : part.Rows, cursor, _data);
        }
    }

    private void Want(long batch)
    {
        long wanted = Volatile.Read(ref _lastWanted);
        while (batch < wanted)
        {
            long seen = Interlocked.CompareExchange(ref _lastWanted, batch, wanted);
            wanted = seen == wanted ? batch : seen;
        }
    }

    private (TrainingData Rows, TrainingData Marked, long Skipped)? Result()
    {
        var starts = new List<(long Batch, int Part, int Index)>();
        for (int part = 0; part < _parts.Length; part++)
        {
            for (int i = 0; i < _parts[part].Starts.Count; i++)
            {
                starts.Add((_parts[part].Starts[i].Batch, part, i));
            }
        }

        starts.Sort();
        for (int i = 0; i < starts.Count; i++)
        {
            // A cursor's batches ascend, and no batch belongs to two of them.
            if (_parts[starts[i].Part].IsOutOfOrder || (i > 0 && starts[i].Batch == starts[i - 1].Batch))
            {
                return null;
            }
        }

        List<RowRun> rows = [], marked = [];
        foreach ((_, int part, int index) in starts)
        {
            Part read = _parts[part];
            BatchStart start = read.Starts[index];
            BatchStart next = index + 1 < read.Starts.Count ? read.Starts[index + 1] : new BatchStart(0, read.Rows.Count, read.Marked.Count);
            AddRun(rows, part, start.Rows, next.Rows);
            AddRun(marked, part, start.Marked, next.Marked);
        }

        TrainingData all = JoinedRows.Of([.. _parts.Select(part => part.Rows)], rows);
        return (all, JoinedRows.Of([.. _parts.Select(part => part.Marked)], marked), _parts.Sum(part => part.Cursor.SkippedRowCount));
    }

    private static void AddRun(List<RowRun> runs, int part, int first, int end)
    {
        if (end > first)
        {
            runs.Add(new RowRun(part, first, end - first));
        }
    }

    /// <summary>How many rows a part had when a batch began.</summary>
    private readonly record struct BatchStart(long Batch, int Rows, int Marked);

    /// <summary>One cursor and what has been read from it.</summary>
    private sealed class Part(LabelledRows cursor, TrainingDataBuilder rows, TrainingDataBuilder marked) : IDisposable
    {
        private long _batch = long.MinValue;

        public LabelledRows Cursor => cursor;

        public TrainingDataBuilder Rows => rows;

        public TrainingDataBuilder Marked => marked;

        public List<BatchStart> Starts { get; } = [];

        public bool IsOutOfOrder { get; private set; }

        public ExceptionDispatchInfo? Failure { get; private set; }

        /// <summary>The batch of the row that could not be read.</summary>
        public long FailedBatch { get; private set; }

        /// <summary>Told the batch of every row before it is copied.</summary>
        public void Begin(long batch)
        {
            if (batch == _batch)
            {
                return;
            }

            IsOutOfOrder |= batch < _batch;
            _batch = batch;
            Starts.Add(new BatchStart(batch, rows.Count, marked.Count));
        }

        public void Fail(Exception exception)
        {
            if (Failure is not null)
            {
                return;
            }

            Failure = ExceptionDispatchInfo.Capture(exception);
            FailedBatch = Math.Max(_batch, cursor.Batch);
        }

        public void Dispose()
        {
            cursor.Dispose();
            rows.Dispose();
            marked.Dispose();
        }
    }
}
