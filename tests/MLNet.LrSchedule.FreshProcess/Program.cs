using System;
using System.Globalization;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

// Usage: FreshProcess MODEL.zip DATA.idv
// Loads the model, scores the data by Transform and row by row by a prediction engine, and prints one line a row: the bits of every
// score of either way. The first line says which transformer ML.NET made of the file.
const string Library = "MLNet.LrSchedule";
if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == Library))
{
    throw new InvalidOperationException($"{Library} is loaded before the model is; this process proves nothing.");
}

MLContext context = new();
ITransformer model = context.Model.Load(args[0], out DataViewSchema inputSchema);
IDataView data = context.Data.LoadFromBinary(args[1]);
Console.WriteLine(model.GetType());
Console.WriteLine(string.Join(',', inputSchema.Select(column => column.Name)));

float[][] transformed = Scores(model.Transform(data));
SchemaDefinition definition = SchemaDefinition.Create(typeof(Input));
definition[nameof(Input.Features)].ColumnType = data.Schema[nameof(Input.Features)].Type;
float[][] predicted = model.GetOutputSchema(data.Schema)["Score"].Type is VectorDataViewType
    ? Predict<VectorOutput>(output => output.Score)
    : Predict<ScalarOutput>(output => [output.Score]);

for (int row = 0; row < transformed.Length; row++)
{
    Console.WriteLine($"{Bits(transformed[row])} {Bits(predicted[row])}");
}

float[][] Predict<TOutput>(Func<TOutput, float[]> score)
    where TOutput : class, new()
{
    using PredictionEngine<Input, TOutput> engine = context.Model.CreatePredictionEngine<Input, TOutput>(model, inputSchemaDefinition: definition);
    return [.. data.GetColumn<float[]>(nameof(Input.Features)).Select(features => score(engine.Predict(new Input { Features = features })))];
}

static float[][] Scores(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
    ? [.. scored.GetColumn<float[]>("Score")]
    : [.. scored.GetColumn<float>("Score").Select(score => new[] { score })];

static string Bits(float[] scores) =>
    string.Join(',', scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8", CultureInfo.InvariantCulture)));

internal sealed class Input
{
    public float[] Features { get; set; } = [];
}

internal sealed class ScalarOutput
{
    public float Score { get; set; }
}

internal sealed class VectorOutput
{
    public float[] Score { get; set; } = [];
}
