using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.LrSchedule.Kernels;

/// <summary>One row through a chain of dense layers, without anything in between.</summary>
internal static unsafe class RowForward
{
    /// <summary>How many numbers of scratch <see cref="Run"/> needs.</summary>
    /// <param name="widest">The most inputs or outputs a layer has.</param>
    public static int ScratchLength(int widest) => checked(4 * Room(widest));

    /// <param name="width">The vector width.</param>
    /// <param name="layers">The layers from first to last.</param>
    /// <param name="widest">The most inputs or outputs a layer has.</param>
    /// <param name="row">As many numbers as the first layer has inputs.</param>
    /// <param name="outputs">Receives as many numbers as the last layer has outputs.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers, of no content that matters.</param>
    public static void Run(VectorWidth width, ReadOnlySpan<RowLayer> layers, int widest, float* row, float* outputs, float* scratch)
    {
        switch (width)
        {
            case VectorWidth.Bits512: RowForward<Simd512, Vector512<float>>.Run(width, layers, Room(widest), row, outputs, scratch); break;
            case VectorWidth.Bits256: RowForward<Simd256, Vector256<float>>.Run(width, layers, Room(widest), row, outputs, scratch); break;
            case VectorWidth.Bits128: RowForward<Simd128, Vector128<float>>.Run(width, layers, Room(widest), row, outputs, scratch); break;
            default: RowForward<ScalarSingle, float>.Run(width, layers, Room(widest), row, outputs, scratch); break;
        }
    }

    private static int Room(int widest) => checked((widest + RowLayer.ColumnRun - 1) / RowLayer.ColumnRun * RowLayer.ColumnRun + NonZeros.Overrun);
}

/// <summary>The same at one vector width.</summary>
internal static unsafe class RowForward<TSimd, TVector>
    where TSimd : ISimd<TVector, float>
    where TVector : struct
{
    public static void Run(VectorWidth width, ReadOnlySpan<RowLayer> layers, int room, float* row, float* outputs, float* scratch)
    {
        float* values = scratch, offsets = scratch + room, result = scratch + (2 * room), next = scratch + (3 * room);
        for (int i = 0; i < layers.Length; i++)
        {
            ref readonly RowLayer layer = ref layers[i];
            bool isRectified = layer.Activation == ActivationKind.Relu;
            if (layer.Outputs == 1)
            {
                float sum = Sum(layer, row, values, offsets);
                *result = isRectified ? default(Relu).Apply<ScalarSingle, float, float>(sum) : sum;
            }
            else
            {
                Columns(layer, row, values, (int*)offsets, result, isRectified);
            }

            if (!isRectified && layer.Activation != ActivationKind.Identity)
            {
                ActivationKernels.Forward(width, layer.Activation, layer.Parameter, result, result, layer.Outputs);
            }

            row = result;
            result = next;
            next = row;
        }

        for (int i = 0; i < layers[^1].Outputs; i++)
        {
            outputs[i] = row[i];
        }
    }

    private static void Columns(in RowLayer layer, float* row, float* values, int* offsets, float* result, bool isRectified)
    {
        if (layer.CanSkip && (layer.ExpectsZeros || IsWorthSkipping(NonZeros.Count<TSimd>(row, layer.Inputs), layer.Inputs)))
        {
            int count = NonZeros.Collect<TSimd>(row, layer.Inputs, layer.Stride, values, offsets);
            if (IsWorthSkipping(count, layer.Inputs) && !Panels(layer, new NonZeroSteps(values, offsets, count), result, isRectified))
            {
                return;
            }
        }

        Panels(layer, new AllSteps(row, layer.Inputs, layer.Stride), result, isRectified);
    }

    // Whether the sign of a zero may be another; see the panel.
    private static bool Panels<TSteps>(in RowLayer layer, TSteps steps, float* result, bool isRectified)
        where TSteps : struct, IRowSteps
    {
        int vectors = (layer.Outputs + TSimd.Width - 1) / TSimd.Width;
        float* weights = layer.Weights, start = layer.Start;
        bool isUnsure = false;
        while (vectors > 0)
        {
            int count;
            switch (vectors)
            {
                case 1: isUnsure |= RowPanel<TSimd, TVector, One, TSteps>.Run(steps, weights, start, result, isRectified); count = 1; break;
                case 2: isUnsure |= RowPanel<TSimd, TVector, Two, TSteps>.Run(steps, weights, start, result, isRectified); count = 2; break;
                case 3: isUnsure |= RowPanel<TSimd, TVector, Three, TSteps>.Run(steps, weights, start, result, isRectified); count = 3; break;
                case 4: isUnsure |= RowPanel<TSimd, TVector, Four, TSteps>.Run(steps, weights, start, result, isRectified); count = 4; break;
                case 5: isUnsure |= RowPanel<TSimd, TVector, Five, TSteps>.Run(steps, weights, start, result, isRectified); count = 5; break;
                case 6: isUnsure |= RowPanel<TSimd, TVector, Six, TSteps>.Run(steps, weights, start, result, isRectified); count = 6; break;
                case 7: isUnsure |= RowPanel<TSimd, TVector, Seven, TSteps>.Run(steps, weights, start, result, isRectified); count = 7; break;
                default:
                    // The widest vectors have registers for twice as many.
                    if (typeof(TSimd) == typeof(Simd512) && vectors >= 16)
                    {
                        isUnsure |= RowPanel<TSimd, TVector, Sixteen, TSteps>.Run(steps, weights, start, result, isRectified);
                        count = 16;
                    }
                    else
                    {
                        isUnsure |= RowPanel<TSimd, TVector, Eight, TSteps>.Run(steps, weights, start, result, isRectified);
                        count = 8;
                    }

                    break;
            }

            vectors -= count;
            weights += count * TSimd.Width;
            start += count * TSimd.Width;
            result += count * TSimd.Width;
        }

        return isUnsure;
    }

    private static float Sum(in RowLayer layer, float* row, float* values, float* weightsOfValues)
    {
        if (layer.CanSkip && layer.ExpectsZeros)
        {
            int count = NonZeros.Collect<TSimd>(row, layer.Weights, layer.Inputs, values, weightsOfValues);
            if (IsWorthSkipping(count, layer.Inputs))
            {
                float sum = Chain(values, weightsOfValues, *layer.Start, count);
                if (!ScalarSingle.HasNegativeZero(sum))
                {
                    return sum;
                }
            }
        }

        return Chain(row, layer.Weights, *layer.Start, layer.Inputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain(float* values, float* weights, float start, int count)
    {
        float sum = start;
        for (int i = 0; i < count; i++)
        {
            sum = MathF.FusedMultiplyAdd(values[i], weights[i], sum);
        }

        return sum;
    }

    // Looking places up costs a little for each.
    private static bool IsWorthSkipping(int count, int inputs) => count <= inputs - (inputs >> 3) && count < inputs;
}
