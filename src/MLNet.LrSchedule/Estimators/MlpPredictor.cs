using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace MLNet.LrSchedule;

/// <summary>
/// Predicts with a trained network outside ML.NET's pipeline: feature numbers in, predictions out. Its numbers have the same bits as the columns that
/// <c>Transform</c> adds.
/// </summary>
/// <remarks>
/// <para>One object serves any number of threads at once, without locks. Once as many calls have overlapped as ever will, a call allocates nothing.</para>
/// <para>The features are those that the trainer saw: what a pipeline does before its trainer is the caller's to do here.</para>
/// <para>What comes out, [rows x <see cref="OutputCount"/>], in the order of the rows:</para>
/// <list type="table">
/// <listheader><term>Task</term><description>Score; prediction</description></listheader>
/// <item><term>Binary</term><description>the logit z, as column <c>Score</c>; the probability 1 / (1 + exp(-z)) that the label is true, as column
/// <c>Probability</c> (computed by ML.NET's own calibrator; one fitted later, by <c>Calibrators</c>, is not seen)</description></item>
/// <item><term>Multiclass</term><description>both: a probability for each class, as column <c>Score</c></description></item>
/// <item><term>Regression</term><description>both: the value in the label's unit, as column <c>Score</c></description></item>
/// </list>
/// </remarks>
/// <example>
/// <code>
/// MlpPredictor predictor = transformer.Model.SubModel.CreatePredictor();
/// float probability = predictor.Predict(features);
/// </code>
/// </example>
public sealed class MlpPredictor
{
    private readonly ITrainedModel _model;
    private readonly ScorerPool _scorers;
    private readonly ImmutableArray<string> _classNames;
    private readonly bool _isMulticlass;

    internal MlpPredictor(ITrainedModel model, ImmutableArray<string> classNames)
    {
        MlpModelContent content = model.Content;
        _model = model;
        _classNames = classNames;
        _isMulticlass = model is MlpMulticlassModelParameters;
        _scorers = new ScorerPool(() => new PooledScorer(model));
        FeatureCount = content.FeatureCount;
        OutputCount = content.Network.Outputs;
    }

    /// <summary>How many numbers a row has.</summary>
    public int FeatureCount { get; }

    /// <summary>How many numbers a prediction has: the number of classes in multiclass classification, 1 in the other tasks.</summary>
    public int OutputCount { get; }

    /// <summary>The classes' names in the order of the outputs; empty where none are known.</summary>
    public IReadOnlyList<string> ClassNames => _classNames;

    /// <summary>The prediction for one row: the probability of a true label in binary classification, the value in regression.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="InvalidOperationException">A prediction of this model is more than one number.</exception>
    public float Predict(ReadOnlySpan<float> features)
    {
        CheckSingle();
        float prediction = 0;
        Predict(features, new Span<float>(ref prediction));
        return prediction;
    }

    /// <summary>The score of one row: the logit in binary classification, the value in regression.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="InvalidOperationException">A score of this model is more than one number.</exception>
    public float Score(ReadOnlySpan<float> features)
    {
        CheckSingle();
        float score = 0;
        Score(features, new Span<float>(ref score));
        return score;
    }

    /// <summary>The prediction for one row.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <param name="predictions">Receives <see cref="OutputCount"/> numbers.</param>
    /// <exception cref="ArgumentException">The spans have other lengths.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> predictions)
    {
        Score(features, predictions);
        _model.ToPredictions(predictions);
    }

    /// <summary>The score of one row.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <param name="scores">Receives <see cref="OutputCount"/> numbers.</param>
    /// <exception cref="ArgumentException">The spans have other lengths.</exception>
    public void Score(ReadOnlySpan<float> features, Span<float> scores)
    {
        CheckRow(features.Length);
        if (scores.Length != OutputCount)
        {
            throw new ArgumentException($"One row has {OutputCount} outputs, but there is room for {scores.Length}.", nameof(scores));
        }

        PooledScorer scorer = _scorers.Rent();
        try
        {
            scorer.Rows.Score(features, scores);
            _model.ToScores(scorer.Rows.Kernels, scores);
        }
        finally
        {
            scorer.Return();
        }
    }

    /// <summary>The predictions for many rows, by the products of whole batches: the numbers are those of <see cref="Predict(ReadOnlySpan{float}, Span{float})"/>, several times as fast.</summary>
    /// <param name="rows">[rows x <see cref="FeatureCount"/>], row after row; may be empty.</param>
    /// <param name="predictions">Receives [rows x <see cref="OutputCount"/>] numbers.</param>
    /// <exception cref="ArgumentException">The first length is no multiple of <see cref="FeatureCount"/>, or the second does not fit it.</exception>
    public void PredictBatch(ReadOnlySpan<float> rows, Span<float> predictions)
    {
        ScoreBatch(rows, predictions);
        _model.ToPredictions(predictions);
    }

    /// <summary>The scores of many rows, by the products of whole batches: the numbers are those of <see cref="Score(ReadOnlySpan{float}, Span{float})"/>, several times as fast.</summary>
    /// <param name="rows">[rows x <see cref="FeatureCount"/>], row after row; may be empty.</param>
    /// <param name="scores">Receives [rows x <see cref="OutputCount"/>] numbers.</param>
    /// <exception cref="ArgumentException">The first length is no multiple of <see cref="FeatureCount"/>, or the second does not fit it.</exception>
    public void ScoreBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        if (rows.Length % FeatureCount != 0)
        {
            throw new ArgumentException($"Rows have {FeatureCount} features each, but there are {rows.Length} numbers, which is no multiple of it.", nameof(rows));
        }

        int count = rows.Length / FeatureCount;
        if (scores.Length != (long)count * OutputCount)
        {
            throw new ArgumentException($"{count} rows have {(long)count * OutputCount} outputs, but there is room for {scores.Length}.", nameof(scores));
        }

        PooledScorer scorer = _scorers.Rent();
        try
        {
            scorer.Rows.ScoreBatch(rows, scores);
            _model.ToScores(scorer.Rows.Kernels, scores);
        }
        finally
        {
            scorer.Return();
        }
    }

    /// <summary>The most probable classes of one row, the most probable first; of equally probable ones the lower index.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <param name="count">How many classes; at least 1. There are never more than the model knows.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model is not for several classes.</exception>
    public ClassProbability[] TopK(ReadOnlySpan<float> features, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var top = new ClassProbability[Math.Min(count, OutputCount)];
        TopK(features, top);
        return top;
    }

    /// <summary>As the other overload, without allocating.</summary>
    /// <param name="features">One row, <see cref="FeatureCount"/> numbers.</param>
    /// <param name="top">Receives as many classes as it has room for.</param>
    /// <returns>How many classes were written: the room, or all classes where there is more.</returns>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="InvalidOperationException">The model is not for several classes.</exception>
    public int TopK(ReadOnlySpan<float> features, Span<ClassProbability> top)
    {
        if (!_isMulticlass)
        {
            throw new InvalidOperationException("Only a model for several classes has most probable ones.");
        }

        CheckRow(features.Length);
        PooledScorer scorer = _scorers.Rent();
        try
        {
            Span<float> probabilities = scorer.Outputs;
            scorer.Rows.Score(features, probabilities);
            _model.ToScores(scorer.Rows.Kernels, probabilities);
            return Select(probabilities, top);
        }
        finally
        {
            scorer.Return();
        }
    }

    // Insertion into the few that are wanted. A NaN is larger than nothing, so a row of them keeps the order of the classes.
    private int Select(ReadOnlySpan<float> probabilities, Span<ClassProbability> top)
    {
        int filled = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            int place = filled;
            while (place > 0 && probabilities[index] > top[place - 1].Probability)
            {
                place--;
            }

            if (place == top.Length)
            {
                continue;
            }

            filled = Math.Min(filled + 1, top.Length);
            top[place..(filled - 1)].CopyTo(top[(place + 1)..]);
            top[place] = new ClassProbability(index, _classNames.IsEmpty ? null : _classNames[index], probabilities[index]);
        }

        return filled;
    }

    private void CheckRow(int length)
    {
        if (length != FeatureCount)
        {
            throw new ArgumentException($"A row has {FeatureCount} features, as in training, but this one has {length}.", "features");
        }
    }

    private void CheckSingle()
    {
        if (OutputCount != 1)
        {
            throw new InvalidOperationException($"A prediction of this model is {OutputCount} numbers; give a span that receives them.");
        }
    }
}
