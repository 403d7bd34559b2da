using System;
using System.Globalization;
using System.IO;
using System.Linq;
using MLNet.LrSchedule.Training;

namespace MLNet.LrSchedule.Tests;

/// <summary>The Ionosphere data as the training layer takes them: 351 rows of 34 features, good returns are 1.</summary>
internal static class IonosphereRows
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "ionosphere.csv");

    public static TrainingData Load(Func<int, float>? weight = null)
    {
        var builder = new TrainingDataBuilder(34, hasWeights: weight is not null);
        int row = 0;
        foreach (string line in File.ReadLines(Path))
        {
            string[] fields = line.Split(',');
            float[] features = [.. fields[..34].Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
            builder.Add(features, fields[34] == "g" ? 1f : 0f, weight?.Invoke(row) ?? 1f);
            row++;
        }

        return builder.Build();
    }
}
