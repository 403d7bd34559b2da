using System;
using System.Collections.Generic;
using MLNet.LrSchedule.Kernels;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Optimizers;

namespace MLNet.LrSchedule.Training;

/// <summary>The parts of a network's parameters that are updated alike: per layer of the recipe, weights and the rest apart.</summary>
internal static class ParameterGroups
{
    /// <summary>The layer that the tables of embeddings are.</summary>
    public const int EmbeddingLayer = -1;

    /// <summary>
    /// The groups in the order of the buffer. A dense layer and what belongs to it (its normalisation) are one layer; the last is the output layer. What
    /// comes before the first dense layer are embeddings.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="batchRows">Rows of a whole batch, which decide how its products are divided among threads.</param>
    /// <param name="threads">Threads that the run may use.</param>
    /// <param name="hasSparseRows">Whether rows come into the network sparse.</param>
    /// <exception cref="InvalidOperationException">The network does not have the recipe's layers.</exception>
    public static ParameterGroup[] Of(MlpNetwork network, TrainingRecipe recipe, int batchRows, int threads = 1, bool hasSparseRows = false)
    {
        var groups = new List<ParameterGroup>();
        int layer = EmbeddingLayer;
        foreach (var part in network.Layers)
        {
            layer += part is DenseLayer ? 1 : 0;
            foreach (var block in part.Parameters)
            {
                if (block.Kind == ParameterKind.Statistic)
                    continue;

                // Decay and penalty spare biases: they set a level, and shrinking them simplifies nothing.
                bool isMatrix = part is DenseLayer && block.Kind == ParameterKind.Weight;
                bool isSparse = isMatrix && hasSparseRows && part == network.Layers[0];
                bool hasSparseGradient = isMatrix && hasSparseRows && layer == 0;
                bool isDivided = isMatrix && (isSparse ? SparseKernels.MayDivideOutputs(threads, areFar: true, part.Inputs, part.Outputs) : Products.DividesColumns(batchRows, part.Outputs));
                groups.Add(new ParameterGroup(block.Offset, block.Length, block.Kind == ParameterKind.Weight || recipe.DecayBiases, layer)
                {
                    StaysWithOneFarThread = isMatrix && !hasSparseGradient && Products.StaysWithOneFarThread(batchRows, part.Outputs, part.Inputs),
                    DividedColumns = isDivided ? part.Outputs : 0,
                    HasSparseRows = isSparse,
                    HasSparseGradient = hasSparseGradient,
                });
            }
        }

        return layer == recipe.HiddenLayers.Count
            ? [.. groups]
            : throw new InvalidOperationException(
                $"The network to go on from has {layer} hidden layers, but the options have {recipe.HiddenLayers.Count}; give the options the network was made with.");
    }
}
