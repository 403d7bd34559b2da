using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using MLNet.LrSchedule.Kernels;
using Xunit;

namespace MLNet.LrSchedule.Tests.Kernels;

public sealed class LinuxThreadsTests
{
    [Fact]
    public void A_thread_leaves_a_processor_and_may_still_run_on_all()
    {
        // Without another processor, and elsewhere than on Linux, it stays where it is.
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount == 1)
        {
            LinuxThreads.Leave(Thread.GetCurrentProcessorId());
            return;
        }

        int moved = 0;
        string before = "", after = "-";
        Thread thread = new(() =>
        {
            before = Allowed();
            for (int i = 0; i < 20; i++)
            {
                int left = CurrentProcessor();
                LinuxThreads.Leave(left);
                moved += CurrentProcessor() == left ? 0 : 1;
            }

            after = Allowed();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(before, after);

        // On a busy machine the kernel may take the thread back before it has looked.
        Assert.InRange(moved, 10, 20);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(int.MaxValue)]
    public void A_processor_that_is_not_there_is_left_already(int processor)
    {
        string before = OperatingSystem.IsLinux() ? Allowed() : "";
        LinuxThreads.Leave(processor);
        Assert.Equal(before, OperatingSystem.IsLinux() ? Allowed() : "");
    }

    private static string Allowed() => File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal));

    [DllImport("libc", EntryPoint = "sched_getcpu")]
    private static extern int CurrentProcessor();
}
