using System;
using System.Runtime.InteropServices;

namespace MLNet.LrSchedule.Kernels;

/// <summary>Memory straight from the Linux kernel, with the numbers that its headers have for every processor that .NET runs on.</summary>
internal static unsafe partial class LinuxMemory
{
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAndAnonymous = 2 | 0x20;
    private const int AdviseFree = 8;
    private const int AdviseHugePages = 14;

    /// <summary>Whether this is a 64-bit Linux whose C library is found by its usual name.</summary>
    public static bool IsAvailable { get; } =
        OperatingSystem.IsLinux() && Environment.Is64BitProcess && NativeLibrary.TryLoad("libc", typeof(LinuxMemory).Assembly, null, out _);

    /// <summary>Maps memory that is zero when it is first touched; null where there is none.</summary>
    public static void* Map(nuint bytes)
    {
        void* mapping = MemoryMap(null, bytes, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        return mapping == (void*)-1 ? null : mapping;
    }

    public static void Unmap(void* mapping, nuint bytes) => _ = MemoryUnmap(mapping, bytes);

    /// <summary>A wish that a kernel without huge pages refuses, and nothing but speed depends on it.</summary>
    public static void AskForHugePages(void* start, nuint bytes) => _ = MemoryAdvise(start, bytes, AdviseHugePages);

    /// <summary>Lets the kernel take the pages, with what is in them, until they are written again; false where it does not know that (before Linux 4.5).</summary>
    public static bool MayBeTaken(void* start, nuint bytes) => MemoryAdvise(start, bytes, AdviseFree) == 0;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* MemoryMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}
