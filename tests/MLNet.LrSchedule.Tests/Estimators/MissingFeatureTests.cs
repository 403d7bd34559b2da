using Microsoft.ML.Data;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators;

/// <summary>A missing feature gives a missing score, as in ML.NET's own models: no function on the way may turn NaN into a number.</summary>
public class MissingFeatureTests
{
    private static readonly Activation[] _activations =
    [
        Activation.Identity, Activation.Relu, Activation.LeakyRelu(), Activation.Elu(), Activation.Selu, Activation.Gelu, Activation.GeluTanh,
        Activation.Silu, Activation.Mish, Activation.Softplus, Activation.Tanh, Activation.Sigmoid,
    ];

    [Theory]
    [InlineData(Normalization.None)]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Layer)]
    public void A_NaN_feature_gives_NaN_through_every_activation_dense_and_sparse(Normalization normalization)
    {
        foreach (Activation activation in _activations)
        {
            HiddenBlock block = new(4, activation) { Normalization = normalization, HasDropout = true };
            MlpNetwork network = new(NetworkDefinition.Perceptron(5, [block, block with { IsResidual = true }], 3));
            network.Initialize(WeightInitializer.GlorotUniform, 1);
            TrainingHistory history = new() { Epochs = [], StopReason = StopReason.Completed, Seed = 1, TrainingRows = 1, ValidationRows = 0 };
            RowScorer scorer = new(new MlpModelContent(new MlpOptions(), network, history), RowNetwork.TryMake(network));

            Assert.All(Score(scorer, new VBuffer<float>(5, [1, 0, float.NaN, 0, 2])), score => Assert.True(float.IsNaN(score), $"{activation}, dense"));
            Assert.All(Score(scorer, new VBuffer<float>(5, 1, [float.NaN], [3])), score => Assert.True(float.IsNaN(score), $"{activation}, sparse"));
            Assert.All(Score(scorer, new VBuffer<float>(5, 1, [1f], [3])), score => Assert.True(float.IsFinite(score), $"{activation}, complete"));
        }
    }

    private static float[] Score(RowScorer scorer, VBuffer<float> features)
    {
        float[] outputs = new float[3];
        scorer.Score(in features, outputs);
        return outputs;
    }
}
