// The snippets run in a working folder of their own, which belongs to the process.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
