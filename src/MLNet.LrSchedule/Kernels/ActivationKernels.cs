using System;

namespace MLNet.LrSchedule.Kernels;

/// <summary>
/// Activation functions over spans. Most slopes follow from the output, so a network stores outputs only; where
/// <see cref="NeedsPreActivation"/> says so, it must keep the argument as well.
/// </summary>
internal static unsafe partial class ActivationKernels
{
    private const int MinParallelCount = 1 << 16;

    private interface IForward
    {
        void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction;
    }

    private interface IBackward
    {
        void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction2;
    }

    /// <summary>Whether <see cref="Backward(KernelContext, ActivationKind, float, ReadOnlySpan{float}, Span{float})"/> wants the argument, not the output.</summary>
    public static bool NeedsPreActivation(ActivationKind kind) =>
        kind is ActivationKind.Gelu or ActivationKind.GeluTanh or ActivationKind.Silu or ActivationKind.Mish;

    /// <summary>outputs = f(preActivations); both may be the same memory.</summary>
    public static void Forward(
        KernelContext context, ActivationKind kind, float parameter, ReadOnlySpan<float> preActivations, Span<float> outputs)
    {
        CheckLength(preActivations.Length, outputs.Length);
        fixed (float* source = preActivations, destination = outputs)
        {
            Forward(context, kind, parameter, source, destination, outputs.Length);
        }
    }

    /// <summary>
    /// gradients *= f', where <paramref name="stored"/> holds the outputs, or the arguments if <see cref="NeedsPreActivation"/>.
    /// </summary>
    public static void Backward(KernelContext context, ActivationKind kind, float parameter, ReadOnlySpan<float> stored, Span<float> gradients)
    {
        CheckLength(stored.Length, gradients.Length);
        if (kind == ActivationKind.Identity)
        {
            return;
        }

        fixed (float* source = stored, gradient = gradients)
        {
            Backward(kind, parameter, new SingleBackward(context, gradient, source, gradients.Length));
        }
    }

    /// <summary>The same functions in double precision, for reference networks.</summary>
    public static void Forward(ActivationKind kind, float parameter, ReadOnlySpan<double> preActivations, Span<double> outputs)
    {
        CheckLength(preActivations.Length, outputs.Length);
        fixed (double* source = preActivations, destination = outputs)
        {
            Forward(kind, parameter, new DoubleForward(source, destination, outputs.Length));
        }
    }

    /// <summary>The same slopes in double precision, for reference networks.</summary>
    public static void Backward(ActivationKind kind, float parameter, ReadOnlySpan<double> stored, Span<double> gradients)
    {
        CheckLength(stored.Length, gradients.Length);
        if (kind == ActivationKind.Identity)
        {
            return;
        }

        fixed (double* source = stored, gradient = gradients)
        {
            Backward(kind, parameter, new DoubleBackward(gradient, source, gradients.Length));
        }
    }

    internal static void Forward(KernelContext context, ActivationKind kind, float parameter, float* source, float* destination, int count)
    {
        if (kind == ActivationKind.Identity && source == destination)
        {
            return;
        }

        Forward(kind, parameter, new SingleForward(context, source, destination, count));
    }

    /// <summary>The same in the caller's thread alone.</summary>
    internal static void Forward(VectorWidth width, ActivationKind kind, float parameter, float* source, float* destination, int count) =>
        Forward(kind, parameter, new AloneForward(width, source, destination, count));

    private static void Forward<TRun>(ActivationKind kind, float parameter, TRun run)
        where TRun : struct, IForward
    {
        switch (kind)
        {
            case ActivationKind.Identity: run.Run(new Identity()); break;
            case ActivationKind.Relu: run.Run(new Relu()); break;
            case ActivationKind.LeakyRelu: run.Run(new LeakyRelu(parameter)); break;
            case ActivationKind.Elu: run.Run(new Elu(parameter)); break;
            case ActivationKind.Selu: run.Run(new Selu()); break;
            case ActivationKind.Gelu: run.Run(new Gelu()); break;
            case ActivationKind.GeluTanh: run.Run(new GeluTanh()); break;
            case ActivationKind.Silu: run.Run(new Silu()); break;
            case ActivationKind.Mish: run.Run(new Mish()); break;
            case ActivationKind.Softplus: run.Run(new Softplus()); break;
            case ActivationKind.Tanh: run.Run(new Tanh()); break;
            case ActivationKind.Sigmoid: run.Run(new Sigmoid()); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation function.");
        }
    }

    private static void Backward<TRun>(ActivationKind kind, float parameter, TRun run)
        where TRun : struct, IBackward
    {
        switch (kind)
        {
            case ActivationKind.Relu: run.Run(new ReluGradient()); break;
            case ActivationKind.LeakyRelu: run.Run(new LeakyReluGradient(parameter)); break;
            case ActivationKind.Elu: run.Run(new EluGradient(parameter)); break;
            case ActivationKind.Selu: run.Run(new SeluGradient()); break;
            case ActivationKind.Gelu: run.Run(new GeluGradient()); break;
            case ActivationKind.GeluTanh: run.Run(new GeluTanhGradient()); break;
            case ActivationKind.Silu: run.Run(new SiluGradient()); break;
            case ActivationKind.Mish: run.Run(new MishGradient()); break;
            case ActivationKind.Softplus: run.Run(new SoftplusGradient()); break;
            case ActivationKind.Tanh: run.Run(new TanhGradient()); break;
            case ActivationKind.Sigmoid: run.Run(new SigmoidGradient()); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation function.");
        }
    }

    private static void CheckLength(int source, int destination)
    {
        if (source != destination)
        {
            throw new ArgumentException($"The spans must have the same length, but have {source} and {destination}.");
        }
    }

    private readonly struct SingleForward(KernelContext context, float* source, float* destination, int count) : IForward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction =>
            ParallelRanges.Run(context, new ForwardWork<TFunction>(function, source, destination), count, MinParallelCount);
    }

    private readonly struct AloneForward(VectorWidth width, float* source, float* destination, int count) : IForward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction =>
            ElementLoop.Map(width, function, source, destination, count);
    }

    private readonly struct ForwardWork<TFunction>(TFunction function, float* source, float* destination) : IRangeWork
        where TFunction : struct, IElementFunction
    {
        public void Run(KernelContext context, int first, int count) =>
            ElementLoop.Map(context.VectorWidth, function, source + first, destination + first, count);
    }

    private readonly struct DoubleForward(double* source, double* destination, int count) : IForward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction =>
            ElementLoop.Map<ScalarDouble, double, double, TFunction>(function, source, destination, count);
    }

    private readonly struct SingleBackward(KernelContext context, float* gradient, float* stored, int count) : IBackward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction2 =>
            ParallelRanges.Run(context, new BackwardWork<TFunction>(function, gradient, stored), count, MinParallelCount);
    }

    private readonly struct BackwardWork<TFunction>(TFunction function, float* gradient, float* stored) : IRangeWork
        where TFunction : struct, IElementFunction2
    {
        public void Run(KernelContext context, int first, int count) =>
            ElementLoop.Map(context.VectorWidth, function, gradient + first, stored + first, gradient + first, count);
    }

    private readonly struct DoubleBackward(double* gradient, double* stored, int count) : IBackward
    {
        public void Run<TFunction>(in TFunction function)
            where TFunction : struct, IElementFunction2 =>
            ElementLoop.Map<ScalarDouble, double, double, TFunction>(function, gradient, stored, gradient, count);
    }
}
