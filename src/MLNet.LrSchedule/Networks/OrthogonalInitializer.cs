using System;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Random;

namespace MLNet.LrSchedule.Networks;

/// <summary>Draws a matrix with orthonormal columns, or rows where those are fewer.</summary>
internal sealed record OrthogonalInitializer : WeightInitializer
{
    public OrthogonalInitializer(double gain) => Gain = Positive(gain, nameof(gain), "gain");

    public double Gain { get; }

    internal override string Text => string.Create(CultureInfo.InvariantCulture, $"orthogonal({Gain:R})");

    internal override void Fill(RandomSource random, int inputs, int outputs, Span<float> weights)
    {
        // A tall matrix has a thin orthogonal factor; a wide one is the transpose of a tall one.
        bool isWide = inputs < outputs;
        var normal = Matrix<double>.Build.Dense(
            isWide ? outputs : inputs, isWide ? inputs : outputs, (_, _) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
        var decomposition = normal.QR(QRMethod.Thin);
        var (q, r) = (decomposition.Q, decomposition.R);
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                int column = isWide ? i : o;
                // With the signs of R's diagonal the factor is evenly distributed over all orthogonal matrices (Mezzadri 2007).
                double sign = r[column, column] < 0 ? -Gain : Gain;
                weights[i * outputs + o] = (float)(sign * q[isWide ? o : i, column]);
            }
        }
    }
}
