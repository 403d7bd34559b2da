using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// One layer: how values go forward through it and gradients back. It holds no numbers of its own: parameters live in the network's
/// buffer, activations in the <see cref="Workspace"/>, so one layer serves any number of threads.
/// </summary>
internal abstract class Layer(int inputs, int outputs, int parameterOffset)
{
    public int Inputs { get; } = inputs;

    public int Outputs { get; } = outputs;

    /// <summary>Where the layer's parameters begin in the network's buffer.</summary>
    public int ParameterOffset { get; } = parameterOffset;

    public abstract int ParameterCount { get; }

    /// <summary>The layer's parameters by kind, in the order in which they stand in the buffer.</summary>
    public abstract IReadOnlyList<ParameterBlock> Parameters { get; }

    /// <summary>Numbers per row that the forward pass leaves for the backward pass, besides its input and output.</summary>
    public virtual int KeptPerRow => 0;

    /// <summary>Numbers per batch that the forward pass leaves for the backward pass; they come after those of the rows.</summary>
    public virtual int KeptPerBatch => 0;

    /// <summary>The layer before this one whose output the layer adds to its input, by index; -1 is the network's input. Null in most layers.</summary>
    public virtual int? SkipSource => null;

    /// <summary>The function whose values the layer's outputs are; null where they are values of none.</summary>
    public virtual Activation? Function => null;

    /// <summary>Whether the layer takes <see cref="BackwardPass.InputFunction"/>, where the layer before is another of its kind, and with it <see cref="BackwardPass.InputBiasGradient"/>.</summary>
    public virtual bool JoinsSlope => false;

    /// <summary>The biases before <see cref="Function"/> among all parameters of the network, or their gradient among its gradients; empty where there are none.</summary>
    public virtual Span<float> BiasesIn(Span<float> parameters) => [];

    /// <summary>Whether the layer can take sparse rows as they are, where it is the first.</summary>
    public virtual bool TakesSparse => false;

    /// <summary>Length of what a batch leaves for the backward pass.</summary>
    public int KeptLength(int rows) => checked(rows * KeptPerRow + KeptPerBatch);

    /// <summary>Whether, for so many dense rows of input, each thread has made some rows of the output, even where threads are far from each other.</summary>
    public virtual bool SharesRows(int rows) => false;

    /// <summary>Sets what does not start at zero, weights excepted.</summary>
    public virtual void Reset(Span<float> parameters)
    {
    }

    public abstract void Forward(in ForwardPass pass);

    /// <summary>Consumes the output's gradient (and may overwrite it), sets the parameters' gradients (or updates weights by <see cref="BackwardPass.Updates"/>) and, where asked, the input's.</summary>
    public abstract void Backward(in BackwardPass pass);
}

/// <summary>What a block of parameters is; optimizers treat the kinds apart (a decay may spare biases).</summary>
internal enum ParameterKind
{
    Weight,

    Bias,

    /// <summary>The factors of a normalisation.</summary>
    Scale,

    /// <summary>Running statistics: part of the network and saved with it, but measured, not trained.</summary>
    Statistic,
}

/// <summary>A run of parameters of one kind in the network's buffer.</summary>
internal readonly record struct ParameterBlock(ParameterKind Kind, int Offset, int Length);

/// <summary>One layer's dropout in one step.</summary>
/// <param name="Key">Decides the mask.</param>
/// <param name="Rate">Share of the elements that are dropped.</param>
internal readonly record struct DropoutDraw(ulong Key, double Rate);

/// <summary>A forward pass through one layer. All matrices are row-major, [rows x width].</summary>
internal readonly ref struct ForwardPass
{
    public required KernelContext Kernels { get; init; }

    /// <summary>All parameters of the network.</summary>
    public required ReadOnlySpan<float> Parameters { get; init; }

    /// <summary>The same parameters in training, where running statistics move; empty in evaluation.</summary>
    public required Span<float> Statistics { get; init; }

    /// <summary>Empty where the input is sparse.</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>The input of a layer that <see cref="Layer.TakesSparse"/>, where <see cref="HasSparseInput"/>.</summary>
    public SparseRows SparseInput { get; init; }

    public bool HasSparseInput { get; init; }

    /// <summary>Whether <see cref="Input"/> is the output of a layer that <see cref="Layer.SharesRows"/>.</summary>
    public bool HasSharedRows { get; init; }

    /// <summary>The output of the layer's <see cref="Layer.SkipSource"/>; empty without one.</summary>
    public required ReadOnlySpan<float> Skipped { get; init; }

    public required Span<float> Output { get; init; }

    /// <summary>[rows x KeptPerRow], then KeptPerBatch; empty in evaluation.</summary>
    public required Span<float> Kept { get; init; }

    public required int Rows { get; init; }

    /// <summary>What the layer draws in this step; only in training.</summary>
    public required DropoutDraw Dropout { get; init; }

    /// <summary>Training, as against evaluation: layers such as dropout differ between the two.</summary>
    public required bool IsTraining { get; init; }
}

/// <summary>A backward pass through one layer. All matrices are row-major, [rows x width].</summary>
internal readonly ref struct BackwardPass
{
    public required KernelContext Kernels { get; init; }

    /// <summary>All parameters of the network.</summary>
    public required ReadOnlySpan<float> Parameters { get; init; }

    /// <summary>The gradients of all parameters, at the parameters' places.</summary>
    public required Span<float> Gradients { get; init; }

    /// <summary>Empty where the input is sparse.</summary>
    public required ReadOnlySpan<float> Input { get; init; }

    /// <summary>The input of a layer that <see cref="Layer.TakesSparse"/>, where <see cref="HasSparseInput"/>.</summary>
    public SparseRows SparseInput { get; init; }

    public bool HasSparseInput { get; init; }

    /// <summary>Whether <see cref="Input"/> is the output of a layer that <see cref="Layer.SharesRows"/>.</summary>
    public bool HasSharedRows { get; init; }

    /// <summary>How sparse batches set the gradient of the first weights; null where there were none.</summary>
    public SparseGradient? SparseGradient { get; init; }

    public required ReadOnlySpan<float> Output { get; init; }

    public required Span<float> Kept { get; init; }

    public required Span<float> OutputGradient { get; init; }

    /// <summary>Empty where nothing learns before this layer; that of the inputs after the first <see cref="InputsWithoutGradient"/> alone.</summary>
    public required Span<float> InputGradient { get; init; }

    /// <summary>Inputs, the first ones, whose gradient nobody asks for; only before dense layers.</summary>
    public int InputsWithoutGradient { get; init; }

    /// <summary>
    /// The function before this layer whose slope goes into <see cref="InputGradient"/> with the product that makes it, so that the layer before does not
    /// pass over memory for it; null where that layer does it itself.
    /// </summary>
    public Activation? InputFunction { get; init; }

    /// <summary>What the slope of <see cref="InputFunction"/> follows from: its values or, where a function needs them, its arguments.</summary>
    public ReadOnlySpan<float> InputFunctionStored { get; init; }

    /// <summary>
    /// Receives the gradient of the biases before <see cref="InputFunction"/>, which the product has at hand as well: the sums of the columns of <see cref="InputGradient"/>. Empty where that
    /// function is null or has no biases before it.
    /// </summary>
    public Span<float> InputBiasGradient { get; init; }

    /// <summary>Whether <see cref="OutputGradient"/> already has the slope of this layer's function in it, and the gradient of this layer's biases is set.</summary>
    public bool HasSlope { get; init; }

    /// <summary>What updates dense weights in place of setting their gradient; null where nothing does.</summary>
    public MomentumUpdates? Updates { get; init; }

    public required int Rows { get; init; }

    public required DropoutDraw Dropout { get; init; }
}
