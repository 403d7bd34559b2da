using System;
using System.Collections.Generic;
using System.Linq;
using MLNet.LrSchedule.Inputs;
using MLNet.LrSchedule.Internals;
using MLNet.LrSchedule.Networks;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule;

// Embeddings of what the feature column says are categories (CategoricalEmbeddings).
public abstract partial class MlpTrainerBase<TTransformer, TModel, TParameters>
{
    // The annotation is not looked at, and cannot be refused, where nobody asks for embeddings.
    private IReadOnlyList<CategoricalRange>? CategoriesOf(LabelledData data) => Options.CategoricalEmbeddings is null ? null : data.ReadCategories();

    private NetworkDefinition WantedNetwork(LabelledData data, int inputs) =>
        RecipeNetwork.Define(Options, inputs, data.OutputCount, EmbeddingPlan.Of(Options, CategoriesOf(data)));

    // Validation rows that were encoded by themselves can have as many slots and other categories in them, which no number of a run would show.
    private void CheckSameCategories(LabelledData training, LabelledData validation)
    {
        if (CategoriesOf(training) is { } ranges && CategoriesOf(validation) is { } others && !ranges.SequenceEqual(others))
        {
            throw new InvalidOperationException("The validation data have other categorical slots than the training data; encode both by the same fitted transformers.");
        }
    }
}
