using System;
using System.Linq;
using MLNet.LrSchedule.Networks;

namespace MLNet.LrSchedule.Training;

/// <summary>The network that a recipe describes.</summary>
internal static class RecipeNetwork
{
    /// <summary>A network with its first weights.</summary>
    /// <exception cref="InvalidOperationException">A residual layer has another width than the layer before it.</exception>
    public static MlpNetwork Create(TrainingRecipe recipe, int features, int outputs, int seed, EmbeddingDefinition? embeddings = null)
    {
        var network = new MlpNetwork(Define(recipe, features, outputs, embeddings));
        network.Initialize(
            layer => layer < recipe.HiddenLayers.Count ? recipe.HiddenLayers[layer].WeightInitializer ?? recipe.WeightInitializer : recipe.WeightInitializer,
            seed);
        return network;
    }

    /// <summary>The network's layers.</summary>
    /// <exception cref="InvalidOperationException">A residual layer has another width than the layer before it.</exception>
    public static NetworkDefinition Define(TrainingRecipe recipe, int features, int outputs, EmbeddingDefinition? embeddings = null)
    {
        int before = embeddings?.OutputsFor(features) ?? features;
        for (int i = 0; i < recipe.HiddenLayers.Count; i++)
        {
            var layer = recipe.HiddenLayers[i];
            if (layer.IsResidual && layer.Units != before)
            {
                throw new InvalidOperationException(
                    $"Hidden layer {i} is residual and has {layer.Units:N0} units, but {before:N0} {(i > 0 ? "units" : embeddings is null ? "features" : "features and numbers of embeddings")} come into it; a residual skip needs equal widths.");
            }

            before = layer.Units;
        }

        return NetworkDefinition.Perceptron(
            features,
            recipe.HiddenLayers.Select(layer => new HiddenBlock(layer.Units, layer.Activation ?? recipe.Activation)
            {
                Normalization = layer.Normalization,
                HasDropout = layer.HasDropout,
                IsResidual = layer.IsResidual,
            }),
            outputs,
            embeddings);
    }
}
