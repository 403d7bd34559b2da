using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.LrSchedule.Internals;

/// <summary>Wraps models into ML.NET's stock prediction transformers, which is what makes them work everywhere in ML.NET.</summary>
internal static class Transformers
{
    /// <summary>
    /// Puts the calibrator behind the model that turns its output, a logit, into a probability: Platt's logistic
    /// 1 / (1 + exp(slope * score + offset)) with slope -1 and offset 0 is the logistic function itself.
    /// </summary>
    public static CalibratedModelParametersBase<TModel, PlattCalibrator> WithProbability<TModel>(IHostEnvironment environment, TModel model)
        where TModel : class =>
        new ValueMapperCalibratedModelParameters<TModel, PlattCalibrator>(environment, model, Logistic(environment));

    /// <summary>The logistic function 1 / (1 + exp(-score)) as ML.NET computes it.</summary>
    public static PlattCalibrator Logistic(IHostEnvironment environment) => new(environment, -1, 0);

    public static BinaryPredictionTransformer<TModel> Binary<TModel>(IHostEnvironment environment, TModel model, DataViewSchema schema, string features)
        where TModel : class =>
        new(environment, model, schema, features);

    public static MulticlassPredictionTransformer<TModel> Multiclass<TModel>(
        IHostEnvironment environment, TModel model, DataViewSchema schema, string features, string label)
        where TModel : class =>
        new(environment, model, schema, features, label);

    public static RegressionPredictionTransformer<TModel> Regression<TModel>(IHostEnvironment environment, TModel model, DataViewSchema schema, string features)
        where TModel : class =>
        new(environment, model, schema, features);
}
