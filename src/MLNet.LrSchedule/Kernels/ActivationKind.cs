namespace MLNet.LrSchedule.Kernels;

/// <summary>The activation functions the kernels know, with what their parameter means.</summary>
internal enum ActivationKind
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x, or parameter * x below zero; parameter at least 0.</summary>
    LeakyRelu,

    /// <summary>x, or parameter * (e^x - 1) below zero; parameter above 0.</summary>
    Elu,

    /// <summary>ELU with the constants that keep mean and variance (Klambauer et al. 2017).</summary>
    Selu,

    /// <summary>x times the normal distribution function of x (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>GELU by its tanh approximation.</summary>
    GeluTanh,

    /// <summary>x times sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x times tanh(softplus(x)) (Misra 2019).</summary>
    Mish,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,
}
