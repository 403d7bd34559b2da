using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNet.LrSchedule.TorchSharpPeer;

/// <summary>
/// The rows, the first weights and the order of the rows in each epoch, as the file of a workload has them: features [rows x inputs], labels [rows], weights
/// [inputs x outputs] and biases of each layer in single precision, and the orders as 32-bit integers.
/// </summary>
internal sealed class Workload : IDisposable
{
    public Workload(string folder, Description description)
    {
        Description = description;
        using var file = File.OpenRead(Path.Combine(folder, description.Name + ".bin"));
        int[] widths = description.Widths;
        Features = Numbers(file, description.Rows, widths[0]);
        using var labels = Numbers(file, description.Rows);
        Labels = IsBinary ? labels.reshape(-1, 1) : labels.to_type(ScalarType.Int64);

        // A linear layer has them the other way round, [outputs x inputs].
        Layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i =>
        {
            using var weights = Numbers(file, widths[i], widths[i + 1]);
            using var turned = weights.t();
            return (turned.contiguous(), Numbers(file, widths[i + 1]));
        })];
        Orders = [.. Enumerable.Range(0, description.Epochs).Select(_ => tensor(Array.ConvertAll(Read<int>(file, description.Rows), row => (long)row)))];
    }

    public Description Description { get; }

    public bool IsBinary => Description.Widths[^1] == 1;

    public Tensor Features { get; }

    public Tensor Labels { get; }

    public (Tensor Weights, Tensor Biases)[] Layers { get; }

    /// <summary>The rows of each epoch.</summary>
    public Tensor[] Orders { get; }

    public void Dispose()
    {
        Features.Dispose();
        Labels.Dispose();
        foreach (var (weights, biases) in Layers)
        {
            weights.Dispose();
            biases.Dispose();
        }

        foreach (var order in Orders)
            order.Dispose();
    }

    private static Tensor Numbers(FileStream file, params long[] shape) =>
        tensor(Read<float>(file, checked((int)shape.Aggregate(1L, (product, length) => product * length))), shape);

    private static T[] Read<T>(FileStream file, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
