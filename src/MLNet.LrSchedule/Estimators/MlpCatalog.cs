using System;
using MLNet.LrSchedule;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Schedules;
using MLNet.LrSchedule.Training;

namespace Microsoft.ML;

/// <summary>Adds the multilayer perceptron to the trainer catalogs of an <see cref="MLContext"/>.</summary>
public static class MlpCatalog
{
    /// <summary>A multilayer perceptron for two classes. Arguments that are left out have the defaults of <see cref="MlpOptions"/>.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, of type <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The name of the feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, of type <see cref="float"/>; null gives every row the weight one.</param>
    /// <param name="hiddenLayers">The hidden layers from first to last, for example <c>[64, 32]</c>.</param>
    /// <param name="learningRate">The learning rate over training time; a plain number is a constant. With a rate, training is gradient descent with momentum 0.9.</param>
    /// <param name="numberOfEpochs">Passes over the training data. Range: at least 1. Null: by the number of rows.</param>
    /// <param name="batchSize">Rows per step. Range: 1 to 1,048,576. Null: by the number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Age", "Income")
    ///     .Append(mlContext.BinaryClassification.Trainers.Mlp(learningRate: Schedule.TimeBased(initial: 0.1, decay: 0.002), numberOfEpochs: 50));
    /// </code>
    /// </example>
    public static MlpBinaryTrainer Mlp(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        HiddenLayerList? hiddenLayers = null,
        Schedule? learningRate = null,
        int? numberOfEpochs = null,
        int? batchSize = null) =>
        catalog.Mlp(Options(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs, batchSize));

    /// <summary>A multilayer perceptron for two classes, with every option.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">The options.</param>
    public static MlpBinaryTrainer Mlp(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return TestedVersions.Touch(() => new MlpBinaryTrainer(CatalogEnvironment.Of(catalog), options));
    }

    /// <summary>A multilayer perceptron for several classes. Arguments that are left out have the defaults of <see cref="MlpOptions"/>.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, a key, as <c>MapValueToKey</c> makes it.</param>
    /// <param name="featureColumnName">The name of the feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, of type <see cref="float"/>; null gives every row the weight one.</param>
    /// <param name="hiddenLayers">The hidden layers from first to last, for example <c>[64, 32]</c>.</param>
    /// <param name="learningRate">The learning rate over training time; a plain number is a constant. With a rate, training is gradient descent with momentum 0.9.</param>
    /// <param name="numberOfEpochs">Passes over the training data. Range: at least 1. Null: by the number of rows.</param>
    /// <param name="batchSize">Rows per step. Range: 1 to 1,048,576. Null: by the number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species")
    ///     .Append(mlContext.MulticlassClassification.Trainers.Mlp(hiddenLayers: [32]))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedSpecies", "PredictedLabel"));
    /// </code>
    /// </example>
    public static MlpMulticlassTrainer Mlp(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        HiddenLayerList? hiddenLayers = null,
        Schedule? learningRate = null,
        int? numberOfEpochs = null,
        int? batchSize = null) =>
        catalog.Mlp(Options(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs, batchSize));

    /// <summary>A multilayer perceptron for several classes, with every option.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">The options.</param>
    public static MlpMulticlassTrainer Mlp(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return TestedVersions.Touch(() => new MlpMulticlassTrainer(CatalogEnvironment.Of(catalog), options));
    }

    /// <summary>A multilayer perceptron for regression. Arguments that are left out have the defaults of <see cref="MlpOptions"/>.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="labelColumnName">The name of the label column, of type <see cref="float"/>.</param>
    /// <param name="featureColumnName">The name of the feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, of type <see cref="float"/>; null gives every row the weight one.</param>
    /// <param name="hiddenLayers">The hidden layers from first to last, for example <c>[64, 32]</c>.</param>
    /// <param name="learningRate">The learning rate over training time; a plain number is a constant. With a rate, training is gradient descent with momentum 0.9.</param>
    /// <param name="numberOfEpochs">Passes over the training data. Range: at least 1. Null: by the number of rows.</param>
    /// <param name="batchSize">Rows per step. Range: 1 to 1,048,576. Null: by the number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static MlpRegressionTrainer Mlp(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        HiddenLayerList? hiddenLayers = null,
        Schedule? learningRate = null,
        int? numberOfEpochs = null,
        int? batchSize = null) =>
        catalog.Mlp(Options(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, learningRate, numberOfEpochs, batchSize));

    /// <summary>A multilayer perceptron for regression, with every option.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">The options.</param>
    public static MlpRegressionTrainer Mlp(this RegressionCatalog.RegressionTrainers catalog, MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return TestedVersions.Touch(() => new MlpRegressionTrainer(CatalogEnvironment.Of(catalog), options));
    }

    private static MlpOptions Options(
        string label, string features, string? weights, HiddenLayerList? hiddenLayers, Schedule? learningRate, int? numberOfEpochs, int? batchSize)
    {
        MlpOptions defaults = new();
        return defaults with
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weights,
            HiddenLayers = hiddenLayers ?? defaults.HiddenLayers,
            LearningRate = learningRate ?? defaults.LearningRate,
            NumberOfEpochs = numberOfEpochs ?? defaults.NumberOfEpochs,
            BatchSize = batchSize ?? defaults.BatchSize,
        };
    }
}
