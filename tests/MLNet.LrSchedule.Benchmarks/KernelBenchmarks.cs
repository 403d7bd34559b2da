using System;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Benchmarks;

/// <summary>The products of one dense layer, at the sizes that tabular networks meet.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private KernelContext _context = null!;
    private FloatBuffer _inputs = null!;
    private FloatBuffer _weights = null!;
    private FloatBuffer _biases = null!;
    private FloatBuffer _outputs = null!;
    private FloatBuffer _inputGradient = null!;
    private int _rows;
    private int _inputCount;
    private int _outputCount;

    /// <summary>Rows of a batch, inputs and outputs of the layer.</summary>
    [Params("28 34 34", "256 128 64", "512 256 256", "128 784 512")]
    public string Shape { get; set; } = "28 34 34";

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        int[] sizes = Array.ConvertAll(Shape.Split(' '), size => int.Parse(size, CultureInfo.InvariantCulture));
        (_rows, _inputCount, _outputCount) = (sizes[0], sizes[1], sizes[2]);
        _context = new KernelContext(Threads);
        _inputs = Filled(_rows * _inputCount);
        _weights = Filled(_inputCount * _outputCount);
        _biases = Filled(_outputCount);
        _outputs = Filled(_rows * _outputCount);
        _inputGradient = Filled(_rows * _inputCount);
    }

    [GlobalCleanup]
    public void Clean() => _context.Dispose();

    [Benchmark]
    public void Forward() => DenseKernels.Forward(
        _context, _inputs.Span, _weights.Span, _biases.Span, _outputs.Span, _rows, _inputCount, _outputCount, ActivationKind.Relu, 0);

    [Benchmark]
    public void WeightGradient() =>
        DenseKernels.WeightGradient(_context, _inputs.Span, _outputs.Span, _weights.Span, _biases.Span, _rows, _inputCount, _outputCount);

    [Benchmark]
    public void InputGradient() =>
        DenseKernels.InputGradient(_context, _outputs.Span, _weights.Span, _inputGradient.Span, _rows, _inputCount, _outputCount);

    private static FloatBuffer Filled(int length)
    {
        FloatBuffer buffer = new(length);
        for (int i = 0; i < length; i++)
        {
            buffer.Span[i] = 0.001f * ((i % 13) - 6);
        }

        return buffer;
    }
}
