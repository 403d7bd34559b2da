using System;
using System.Linq;
using System.Reflection;
using MLNet.LrSchedule.Inputs;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Onnx;

/// <summary>What a model does to features beyond what is known to the export is refused, not left out.</summary>
public sealed class OnnxInputsTests
{
    private static readonly EncodedFeature[] _encoded = [new(0, [-1, 0.5f, 2]), new(1, [1, 2, 3, 7])];

    private static readonly InputTransform _transform = new([1, 2, 0], [0.5f, 0, 1e-3f], [7, 8, 9], [0, 2], squashes: true, _encoded, [new CategoricalRange(2, 1)]);

    [Fact]
    public void A_transform_that_does_what_is_known_is_taken()
    {
        OnnxInputs.Check(_transform, _transform.Width, _transform.Apply);
        InputTransform plain = new([1e6f, -3], [1e-6f, 1e6f], [], [], squashes: false);
        OnnxInputs.Check(plain, plain.Width, plain.Apply);
    }

    [Fact]
    public void More_inputs_than_are_known_of_are_refused()
    {
        var refusal = Assert.Throws<NotSupportedException>(() => OnnxInputs.Check(_transform, _transform.Width + 4, (_, _) => { }));
        Assert.Contains("14 inputs of 3 features, 2 indicators of missing ones and 5 pieces", refusal.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public void Another_number_than_is_known_of_is_refused(int input)
    {
        Assert.Throws<NotSupportedException>(() => OnnxInputs.Check(_transform, _transform.Width, (features, inputs) =>
        {
            _transform.Apply(features, inputs);
            inputs[input] += inputs[input] > 1 ? 0.01f : 0;
            inputs[input] = MathF.Max(inputs[input], 1e-3f);
        }));
    }

    [Fact]
    public void Every_property_of_the_transform_is_known_to_the_export()
    {
        // A new property is a new stage: OnnxInputs has to write it, or to refuse it, before it stands here.
        string[] properties = [.. typeof(InputTransform).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order()];
        Assert.Equal(["Embedded", "Encoded", "Features", "Fills", "Imputes", "Indicators", "KeepsZeros", "Offsets", "Scales", "Squashes", "Width"], properties);
    }
}
