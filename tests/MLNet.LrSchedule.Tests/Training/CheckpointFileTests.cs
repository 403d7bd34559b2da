using System;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public sealed class CheckpointFileTests
{
    private static readonly TrainingRecipe Recipe = new() { HiddenLayers = [3], NumberOfEpochs = 2, BatchSize = 100, LearningRate = 0.05, ValidationSetFraction = 0.3 };

    private readonly string _path = Path.Combine(TemporaryFolders.Create("checkpoint"), "run.checkpoint");

    public CheckpointFileTests() =>
        Resuming.Train(Recipe, new TrainingControl { Seed = 1, RecipeText = "recipe", Checkpoint = new CheckpointOptions { Path = _path } });

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(_path + ".gone"));
        Assert.Contains(_path + ".gone", error.Message);
    }

    [Fact]
    public void Any_truncation_is_refused()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        for (int length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 300))
            Refused(bytes[..length], "cut off");
    }

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        var random = new Random(1);
        foreach (int position in Enumerable.Range(0, 64).Concat(Enumerable.Range(0, 500).Select(_ => random.Next(bytes.Length))))
        {
            byte[] flipped = [.. bytes];
            flipped[position] ^= (byte)(1 << random.Next(8));
            Refused(flipped, _path);
        }
    }

    [Fact]
    public void A_newer_file_is_refused_as_such()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        bytes[8] = 99;
        Refused(bytes, "newer version");
    }

    [Fact]
    public void A_foreign_file_is_refused_as_such()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        Refused("PK\x03\x04 and whatever else a zip file holds"u8.ToArray(), "not a checkpoint");
        Refused([.. bytes, 0], "behind the end");
    }

    [Fact]
    public void A_write_that_fails_leaves_the_checkpoint_before_it()
    {
        byte[] before = File.ReadAllBytes(_path);
        var failing = new CheckpointOptions { Path = _path, Wrap = _ => new FullDisk() };
        var control = new TrainingControl { Seed = 2, RecipeText = "recipe", Checkpoint = failing };
        Assert.Throws<IOException>(() => Resuming.Train(Recipe, control));
        Assert.Equal(before, File.ReadAllBytes(_path));
    }

    [Fact]
    public void Every_number_reads_back_to_the_same_bits()
    {
        // 2^-25 is among those whose shortest text is not always right.
        foreach (double rate in new[] { Math.Pow(2, -25), 0.1, 1.0 / 3, double.Epsilon, 1e-300 })
        {
            var options = new CheckpointOptions { Path = _path };
            Resuming.Train(Recipe with { LearningRate = rate }, new TrainingControl { Seed = 1, RecipeText = "recipe", Checkpoint = options });
            Assert.Equal(rate, Checkpoint.Load(_path).Header.State.Epochs[0].LearningRate);
        }
    }

    private void Refused(byte[] bytes, string part)
    {
        File.WriteAllBytes(_path, bytes);
        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(_path));
        Assert.Contains(part, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Position + buffer.Length > 200)
                throw new IOException("No space left on device.");
            base.Write(buffer);
        }
    }
}
