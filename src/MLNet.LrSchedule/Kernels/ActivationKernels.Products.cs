using System.Runtime.CompilerServices;

namespace MLNet.LrSchedule.Kernels;

internal static unsafe partial class ActivationKernels
{
    /// <summary>outputs = f(product), laid out like the product's results; the same memory where the arguments are not kept. The problem lives on the stack.</summary>
    internal static void MultiplyForward(KernelContext context, ref GemmProblem problem, ActivationKind kind, float parameter, float* outputs)
    {
        if (kind == ActivationKind.Identity && outputs == problem.Result)
        {
            Products.Multiply(context, problem);
            return;
        }

        Forward(kind, parameter, new ProductForward(context, (GemmProblem*)Unsafe.AsPointer(ref problem), outputs));
    }

    /// <summary>results = product * f', laid out like <paramref name="stored"/>: the function's values, or its arguments if <see cref="NeedsPreActivation"/>. Sums that the problem asks for are those of the results.</summary>
    internal static void MultiplyBackward(KernelContext context, ref GemmProblem problem, ActivationKind kind, float parameter, float* stored)
    {
        if (kind == ActivationKind.Identity)
        {
            Products.Multiply(context, problem);
            return;
        }

        Backward(kind, parameter, new ProductBackward(context, (GemmProblem*)Unsafe.AsPointer(ref problem), stored));
    }

    private readonly struct ProductForward(KernelContext context, GemmProblem* problem, float* outputs) : IForward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction
        {
            Operands<TFunction> operands = new() { Width = context.VectorWidth, Function = function, First = problem->Result, Second = outputs };
            problem->Finish = new ProductFinish
            {
                Block = &FinishForward<TFunction>,
                State = Unsafe.AsPointer(ref operands),
                Origin = problem->Result,
                End = typeof(TFunction) == typeof(Relu) && outputs == problem->Result ? TileEnd.Rectified : TileEnd.Plain,
            };
            Products.Multiply(context, *problem);
        }
    }

    private readonly struct ProductBackward(KernelContext context, GemmProblem* problem, float* stored) : IBackward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction2
        {
            Operands<TFunction> operands = new() { Width = context.VectorWidth, Function = function, First = problem->Result, Second = stored };
            problem->Finish = problem->Finish with
            {
                Block = &FinishBackward<TFunction>,
                State = Unsafe.AsPointer(ref operands),
                Origin = problem->Result,
                Operand = stored,
                End = typeof(TFunction) == typeof(ReluGradient) ? TileEnd.RectifiedSlope : TileEnd.Plain,
            };
            Products.Multiply(context, *problem);
        }
    }

    private static void FinishForward<TFunction>(void* state, nint offset, nint stride, int rows, int columns)
        where TFunction : struct, IElementFunction
    {
        ref readonly Operands<TFunction> operands = ref Unsafe.AsRef<Operands<TFunction>>(state);
        BlockLoop.Map(operands.Width, operands.Function, operands.First + offset, operands.Second + offset, stride, rows, columns);
    }

    private static void FinishBackward<TFunction>(void* state, nint offset, nint stride, int rows, int columns)
        where TFunction : struct, IElementFunction2
    {
        ref readonly Operands<TFunction> operands = ref Unsafe.AsRef<Operands<TFunction>>(state);
        BlockLoop.Map(
            operands.Width, operands.Function, operands.First + offset, operands.Second + offset, operands.First + offset, stride, rows, columns);
    }

    private struct Operands<TFunction>
        where TFunction : struct
    {
        public VectorWidth Width;
        public TFunction Function;
        public float* First;
        public float* Second;
    }
}
