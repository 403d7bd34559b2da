namespace MLNet.LrSchedule.Networks;

/// <summary>What one layer is, without its numbers.</summary>
internal abstract record LayerDefinition
{
    /// <summary>A word for people.</summary>
    public abstract string Name { get; }

    /// <summary>The width of what goes out; that of what comes in unless the layer says otherwise.</summary>
    public virtual int OutputsFor(int inputs) => inputs;

    /// <summary>Makes the layer that follows a layer of the given width.</summary>
    /// <param name="inputs">Width of what comes in.</param>
    /// <param name="parameterOffset">Where the layer's parameters begin in the network's buffer.</param>
    public abstract Layer Create(int inputs, int parameterOffset);
}

/// <summary>A dense layer: sums of all inputs, then a function.</summary>
internal sealed record DenseDefinition(int Outputs, Activation Activation, bool HasBias = true) : LayerDefinition
{
    public override string Name => Activation.Name;

    public override int OutputsFor(int inputs) => Outputs;

    public override Layer Create(int inputs, int parameterOffset) => new DenseLayer(inputs, Outputs, Activation, HasBias, parameterOffset);
}

/// <summary>A function of each number, where it does not directly follow a dense layer's sums.</summary>
internal sealed record ActivationDefinition(Activation Activation) : LayerDefinition
{
    public override string Name => Activation.Name;

    public override Layer Create(int inputs, int parameterOffset) => new ActivationLayer(inputs, Activation, parameterOffset);
}

/// <summary>Batch normalisation; in evaluation by running statistics.</summary>
internal sealed record BatchNormalizationDefinition : LayerDefinition
{
    public override string Name => "batch normalization";

    public override Layer Create(int inputs, int parameterOffset) => new BatchNormalizationLayer(inputs, parameterOffset);
}

/// <summary>Layer normalisation: each row by its own mean and variance.</summary>
internal sealed record LayerNormalizationDefinition : LayerDefinition
{
    public override string Name => "layer normalization";

    public override Layer Create(int inputs, int parameterOffset) => new LayerNormalizationLayer(inputs, parameterOffset);
}

/// <summary>Dropout, by a rate that each step brings; nothing in evaluation.</summary>
internal sealed record DropoutDefinition : LayerDefinition
{
    public override string Name => "dropout";

    public override Layer Create(int inputs, int parameterOffset) => new DropoutLayer(inputs, parameterOffset);
}

/// <summary>Adds the output of an earlier layer, by its index; -1 is the network's input.</summary>
internal sealed record ResidualDefinition(int Source) : LayerDefinition
{
    public override string Name => "residual";

    public override Layer Create(int inputs, int parameterOffset) => new ResidualLayer(inputs, Source, parameterOffset);
}
