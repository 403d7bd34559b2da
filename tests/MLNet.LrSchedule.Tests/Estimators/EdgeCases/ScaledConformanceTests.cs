using Microsoft.ML;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Tests.Estimators.Conformance;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.EdgeCases;

/// <summary>A trainer that scales features and fills missing ones is as good an ML.NET estimator as one that does not.</summary>
public sealed class ScaledConformanceTests
{
    public static TheoryData<string, MissingValues, FeatureScaling> All => EdgeCase.All();

    [Theory]
    [MemberData(nameof(All))]
    public void A_trainer_conforms_however_it_treats_features(string task, MissingValues missing, FeatureScaling scaling)
    {
        EdgeCase edge = new(task, missing, scaling);
        MlpOptions options = edge.Options with { NumberOfEpochs = 2 };
        IEstimator<ITransformer> trainer = task switch
        {
            "binary" => edge.Context.BinaryClassification.Trainers.Mlp(options),
            "regression" => edge.Context.Regression.Trainers.Mlp(options),
            _ => edge.Context.MulticlassClassification.Trainers.Mlp(options),
        };

        // A row with holes, so that indicators make the network wider than the feature vector.
        IDataView data = edge.Load(EdgeCase.With(EdgeCase.Rows(40), 3, 1, float.NaN));
        new EstimatorConformance(edge.Context, trainer, data).CheckAll();
    }
}
