using System;
using System.Linq;
using System.Text.Json.Nodes;
using MLNet.LrSchedule.Optimizers;
using MLNet.LrSchedule.Tests.Golden;

namespace MLNet.LrSchedule.Tests.Optimizers;

/// <summary>One case of the golden file: twelve steps with given gradients and rates, and the parameters after each.</summary>
internal sealed class GoldenTrace(string id)
{
    private static readonly JsonNode Golden = GoldenFile.Read("optimizers.json");
    private readonly JsonNode _case = Golden["cases"]!.AsArray().Single(node => (string)node!["id"]! == id)!;

    public static string[] Ids { get; } = [.. Golden["cases"]!.AsArray().Select(node => (string)node!["id"]!)];

    public static double[] Initial => Golden["initial"]!.Doubles();

    public int Length => _case["values"]!.AsArray().Count;

    public double[] Gradient(int step) => Golden["gradients"]!.Rows()[step];

    /// <summary>The parameters after the step: "values" as training has them; schedule-free cases also have "z" and "x".</summary>
    public double[] Expected(int step, string sequence = "values") => _case[sequence]!.Rows()[step];

    public ParameterOptimizer Optimizer(int parameterCount) => Family switch
    {
        "Sgd" => new SgdOptimizer(Convention, Flag("nesterov"), parameterCount),
        "Adam" or "AdamW" => new AdamOptimizer(
            Flag("amsgrad"), IsPyTorch ? EpsilonPlacement.AfterBiasCorrection : EpsilonPlacement.BeforeBiasCorrection, parameterCount),
        "NAdam" => new NAdamOptimizer(parameterCount),
        "RAdam" => new RAdamOptimizer(parameterCount),
        "Adamax" => new AdamaxOptimizer(parameterCount),
        "RmsProp" => new RmsPropOptimizer(Convention, Flag("centered"), parameterCount),
        "Adagrad" => new AdaGradOptimizer(Number("initial_accumulator_value"), parameterCount),
        "Adadelta" => new AdaDeltaOptimizer(parameterCount),
        "Rprop" => new RPropOptimizer(parameterCount),
        "ScheduleFreeSgd" => new ScheduleFreeSgdOptimizer((int)Number("r"), (int)Number("weight_lr_power"), parameterCount),
        "ScheduleFreeAdamW" => new ScheduleFreeAdamOptimizer(false, (int)Number("r"), (int)Number("weight_lr_power"), parameterCount),
        "ScheduleFreeRAdam" => new ScheduleFreeAdamOptimizer(true, (int)Number("r"), (int)Number("weight_lr_power"), parameterCount),
        _ => throw new NotSupportedException(Family),
    };

    public StepValues Values(int step)
    {
        // Decay is coupled in PyTorch, save in AdamW; decoupled in Keras; schedule-free SGD knows no difference.
        bool isDecoupled = !IsPyTorch || Family == "AdamW";
        return new StepValues
        {
            Step = step,
            LearningRate = Rate(step),
            Momentum = Family == "NAdam" ? NAdamMomentum(step + 1) : Number("momentum"),
            NextMomentum = Family == "NAdam" ? NAdamMomentum(step + 2) : 0,
            Dampening = Number("dampening"),
            WeightDecay = isDecoupled ? Number("weight_decay") : 0,
            L2Regularization = isDecoupled ? 0 : Number("weight_decay"),
            Beta1 = Element("betas", 0),
            Beta2 = Element("betas", 1) + Number("alpha") + Number("rho"),
            Epsilon = Number("eps"),
            Decrease = Element("etas", 0),
            Increase = Element("etas", 1),
            SmallestStep = Element("step_sizes", 0),
            LargestStep = Element("step_sizes", 1),
        };
    }

    private string Family => (string)_case["family"]!;

    private bool IsPyTorch => id.StartsWith("torch");

    private MomentumConvention Convention => IsPyTorch ? MomentumConvention.GradientBuffer : MomentumConvention.Velocity;

    private double Rate(int step)
    {
        double rate = Golden[(string)_case["rates"]!]!.Doubles()[step] * Number("rate_multiplier", 1);
        rate /= 1 + step * Number("lr_decay");
        double warmup = Number("warmup_steps");
        return step < warmup ? rate * (step + 1) / warmup : rate;
    }

    private double NAdamMomentum(int step) => Element("betas", 0) * (1 - 0.5 * Math.Pow(0.96, step * Number("momentum_decay")));

    private bool Flag(string name) => (bool?)_case["parameters"]![name] ?? false;

    private double Number(string name, double missing = 0) => (double?)_case["parameters"]![name] ?? missing;

    private double Element(string name, int index) => _case["parameters"]![name]?.Doubles()[index] ?? 0;
}
