using System.Linq;
using BenchmarkDotNet.Running;
using MLNet.LrSchedule.Benchmarks;
using MLNet.LrSchedule.Benchmarks.Peers;

// Commands of our own come first; anything else is BenchmarkDotNet's command line.
return args.FirstOrDefault() switch
{
    "compare" => TrainerComparison.Run(args[1..]),
    "embeddings" => EmbeddingsComparison.Run(args[1..]),
    "gallery" => GalleryCharts.Draw(args[1..]),
    "ionosphere" => IonosphereDistribution.Run(args[1..]),
    "kernels" => RunKernels(args[1..]),
    "peers" => PeerComparison.Run(args[1..]),
    "reading" => ReadingBenchmark.Run(args[1..]),
    "scoring" => ScoringBenchmark.Run(args[1..]),
    "sparse" => SparseRowsBenchmark.Run(args[1..]),
    "threads" => ThreadCeiling.Run(args[1..]),
    "which-schedule" => WhichSchedule.Run(args[1..]),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(IonosphereDistribution).Assembly).Run(args);
    return 0;
}

static int RunKernels(string[] args)
{
    KernelPeak.Run(args);
    return 0;
}
