using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Kernels;

namespace MLNet.LrSchedule.Networks;

/// <summary>
/// output = [columns that belong to no table, as they are | for each table the sum of (element x row of its category)], or the table's last row where all
/// of its columns are zero: learnt embeddings (Guo and Berkhahn, Entity Embeddings of Categorical Variables, arXiv:1604.06737, 2016).
/// Parameters: the tables, one after the other, each [categories + 1 x dimension].
/// </summary>
/// <remarks>
/// In training each table of each row is masked with the step's rate, that is, taken for all zero, so that the last row learns what to say where nothing is
/// known. A row with one column of 1 (the usual one-hot row) looks its category up; a bag, counts or shares add up.
/// </remarks>
internal sealed class EmbeddingLayer : Layer
{
    /// <summary>Narrower rows are not worth keeping sparse.</summary>
    private const int MinimumSparseWidth = 64;

    private readonly EmbeddingTable[] _tables;
    private readonly int _length;
    private readonly int _width;

    public EmbeddingLayer(int inputs, int outputs, EmbeddingTable[] tables, int parameterOffset)
        : base(inputs, outputs, parameterOffset)
    {
        _tables = tables;
        _width = _tables.Aggregate(0, (sum, table) => checked(sum + table.Dimension));
        _length = _tables.Aggregate(0, (sum, table) => checked(sum + table.Length));
        Parameters = [new ParameterBlock(ParameterKind.Weight, parameterOffset, _length)];
    }

    public ReadOnlySpan<EmbeddingTable> Tables => _tables;

    /// <summary>Outputs that are inputs of no table; they come first.</summary>
    public int Others => Outputs - _width;

    public override int ParameterCount => _length;

    public override IReadOnlyList<ParameterBlock> Parameters { get; }

    public override bool TakesSparse => true;

    /// <summary>
    /// Draws each row from the normal distribution with mean 0 and variance 1 / dimension, cut at two standard deviations, which TensorFlow's
    /// embedding_column starts with: a row is then about as long as the one-hot row that it takes the place of. The last row of a table starts at zero,
    /// the mean of the others, and so says nothing until it is trained.
    /// </summary>
    public void Initialize(Span<float> parameters, int seed)
    {
        int offset = ParameterOffset;
        for (int i = 0; i < _tables.Length; i++)
        {
            var table = _tables[i];
            // Below zero, where no dense layer's stream is; a table's own, so that none depends on another's size.
            var random = RandomStream.Create(seed, RandomPurpose.InitialWeights, -1 - i);
            WeightInitializer.TruncatedNormal(1 / Math.Sqrt(table.Dimension))
                .Fill(random, table.Categories, table.Dimension, parameters.Slice(offset, table.Categories * table.Dimension));
            parameters.Slice(offset + table.Categories * table.Dimension, table.Dimension).Clear();
            offset += table.Length;
        }
    }

    public override void Forward(in ForwardPass pass)
    {
        var numbers = pass.Parameters.Slice(ParameterOffset, _length);
        var mask = pass.IsTraining ? Mask(pass.Dropout) : EmbeddingMask.None;
        if (pass.HasSparseInput)
            EmbeddingKernels.Forward(pass.Kernels, _tables, numbers, pass.SparseInput, pass.Output, Inputs, mask);
        else
            EmbeddingKernels.Forward(pass.Kernels, _tables, numbers, pass.Input, pass.Output, pass.Rows, Inputs, mask);
    }

    /// <summary>Whether rows stay sparse enough behind the tables that the next layer gains by it; the same bound as for rows in storage.</summary>
    public bool StaySparse(SparseRows rows) =>
        Outputs >= MinimumSparseWidth && 8 * (rows.Offsets[^1] - rows.Offsets[0] + (long)rows.Rows * _width) <= (long)rows.Rows * Outputs;

    /// <summary>As <see cref="Forward(in ForwardPass)"/>, of sparse rows that stay sparse.</summary>
    public void Forward(KernelContext kernels, ReadOnlySpan<float> parameters, SparseRows input, EmbeddedRows output, DropoutDraw draw)
    {
        EmbeddingKernels.Forward(
            kernels, _tables, parameters.Slice(ParameterOffset, _length), input, output.Numbers(input.Rows * _width), Inputs, Mask(draw));
        output.Fill(_tables, input, Others, _width);
    }

    public override void Backward(in BackwardPass pass)
    {
        var gradient = pass.Gradients.Slice(ParameterOffset, _length);
        if (pass.HasSparseInput)
            EmbeddingKernels.Backward(pass.Kernels, _tables, gradient, pass.SparseInput, pass.OutputGradient, Inputs, Mask(pass.Dropout));
        else
            EmbeddingKernels.Backward(pass.Kernels, _tables, gradient, pass.Input, pass.OutputGradient, pass.Rows, Inputs, Mask(pass.Dropout));
    }

    private static EmbeddingMask Mask(DropoutDraw draw) => new(draw.Key, draw.Rate);
}
