using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.LrSchedule.TorchSharpPeer;

/// <summary>One run of a workload: a network, its optimizer and the loop.</summary>
internal sealed class Run : IDisposable
{
    private readonly Workload _workload;
    private readonly Linear[] _layers;
    private readonly Sequential _network;
    private readonly optim.Optimizer _optimizer;

    public Run(Workload workload)
    {
        _workload = workload;
        int[] widths = workload.Description.Widths;
        _layers = [.. widths.Zip(widths.Skip(1), (inputs, outputs) => nn.Linear(inputs, outputs))];
        List<nn.Module<Tensor, Tensor>> parts = [];
        foreach (var layer in _layers)
        {
            if (parts.Count > 0)
                parts.Add(nn.ReLU());
            parts.Add(layer);
        }

        _network = nn.Sequential(parts);
        _optimizer = optim.SGD(_network.parameters(), workload.Description.Rate, workload.Description.Momentum);
    }

    /// <summary>Trains from the workload's first weights, whose copy belongs to everybody's time. Returns the seconds it took.</summary>
    public double Train()
    {
        long start = Stopwatch.GetTimestamp();
        using (no_grad())
        {
            foreach (var (layer, (weights, biases)) in _layers.Zip(_workload.Layers))
            {
                layer.weight.copy_(weights);
                layer.bias!.copy_(biases);
            }
        }

        foreach (var order in _workload.Orders)
        {
            using var batches = NewDisposeScope();
            foreach (var rows in order.split(_workload.Description.Batch))
            {
                using var step = NewDisposeScope();
                _optimizer.zero_grad();
                Loss(_network.forward(_workload.Features.index_select(0, rows)), _workload.Labels.index_select(0, rows)).backward();
                _optimizer.step();
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The mean loss over all rows.</summary>
    public double MeanLoss()
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var outputs = _network.forward(_workload.Features).to_type(ScalarType.Float64);
        return Loss(outputs, _workload.IsBinary ? _workload.Labels.to_type(ScalarType.Float64) : _workload.Labels).item<double>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
    }

    private Tensor Loss(Tensor outputs, Tensor labels) => _workload.IsBinary
        ? nn.functional.binary_cross_entropy_with_logits(outputs, labels)
        : nn.functional.cross_entropy(outputs, labels);
}
