using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;
using Xunit;
using Xunit.Abstractions;

namespace MLNet.LrSchedule.Tests.Training;

/// <summary>
/// A process that trains with a checkpoint after every epoch is killed at random moments, many of them inside the writing of a checkpoint
/// (which is made slow and split into small pieces), and started again from what is on the disk.
/// </summary>
public sealed class KilledRunTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int KillsInsideWrites = 15;

    private static readonly TrainingRecipe Recipe = new()
    {
        HiddenLayers = [12, 5],
        BatchSize = 28,
        NumberOfEpochs = 40,
        ValidationSetFraction = 0.33,
        LearningRate = Schedule.Cosine(0.1, 0.001),
        Momentum = 0.9,
        ReactiveSchedule = new ReduceOnPlateau { Patience = 2 },
    };

    [Fact]
    public void A_run_that_is_killed_again_and_again_ends_as_the_uninterrupted_one_bit_for_bit()
    {
        string expected = Digest(Resuming.InOneGo(Recipe));
        var random = new Random(20260101);
        int kills = 0, inside = 0, runs = 0;
        while (kills < Kills || inside < KillsInsideWrites)
        {
            string path = Path.Combine(TemporaryFolders.Create("killed"), "run.checkpoint");
            string? digest = null;
            runs++;
            while (digest is null)
            {
                using var child = ChildProcess.Start(TrainSlowly, arguments: path);
                Assert.Equal("started", child.StandardOutput.ReadLine());
                if (child.WaitForExit(random.Next(1, 120)))
                {
                    digest = child.StandardOutput.ReadToEnd();
                    break;
                }

                child.Kill();
                child.WaitForExit();
                kills++;
                inside += File.Exists(path + ".writing") ? 1 : 0;
                if (kills >= Kills && inside >= KillsInsideWrites)
                    digest = Finish(path);
            }

            Assert.Equal(expected, digest);
        }

        output.WriteLine($"{kills} kills, {inside} of them inside a checkpoint's writing, in {runs} runs");
    }

    [ChildCommand]
    internal static string TrainSlowly(string[] arguments)
    {
        string path = arguments[0];
        var control = new TrainingControl
        {
            Seed = 7,
            RecipeText = "recipe",
            Checkpoint = new CheckpointOptions { Path = path, Wrap = file => new SlowStream(file) },
            ResumeFrom = File.Exists(path) ? Checkpoint.Load(path) : null,
            Callbacks = [new SlowEpochs()],
        };
        return Digest(Resuming.Train(Recipe, control));
    }

    private static string Finish(string path)
    {
        using var child = ChildProcess.Start(TrainSlowly, arguments: path);
        Assert.Equal("started", child.StandardOutput.ReadLine());
        string digest = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return digest;
    }

    private static string Digest(TrainedNetwork trained) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Resuming.Bits(trained)))));

    private sealed class SlowEpochs : ITrainingCallback
    {
        public void OnRunStart(TrainingRun run, int firstEpoch) => Console.WriteLine("started");

        public bool OnEpochEnd(EpochRecord epoch)
        {
            Thread.Sleep(1);
            return true;
        }
    }

    /// <summary>Writes a few thousand bytes at a time, each piece straight to the file, with a pause after it.</summary>
    private sealed class SlowStream(FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Flush() => file.Flush();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                int piece = Math.Min(8000, buffer.Length);
                file.Write(buffer[..piece]);
                file.Flush();
                Thread.Sleep(1);
                buffer = buffer[piece..];
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
