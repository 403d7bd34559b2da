using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using MLNet.LrSchedule.Training;
using Xunit;

namespace MLNet.LrSchedule.Tests.Training;

public class SectionedFormatTests
{
    private static readonly (string Tag, byte[] Content)[] _sections = [("ABCD", [1, 2, 3]), ("EFGH", []), ("IJKL", [.. Enumerable.Range(0, 200).Select(i => (byte)i)])];

    [Fact]
    public void Any_sections_come_back_as_they_were_written() =>
        Gen.Byte.Array[0, 5000].Array[0, 8].Sample(contents =>
        {
            (string Tag, byte[] Content)[] sections = [.. contents.Select((content, i) => ($"SEC{i}", content))];
            using MemoryStream stream = new(Bytes(sections, version: 3));

            IReadOnlyDictionary<string, byte[]> read = Format(newest: 4).Read(stream, out int version);

            Assert.Equal(3, version);
            Assert.Equal(sections.Length, read.Count);
            Assert.All(sections, section => Assert.Equal(section.Content, read[section.Tag]));
        });

    [Fact]
    public void Nothing_behind_the_last_section_is_read()
    {
        using MemoryStream stream = new([.. Bytes(_sections), 42]);

        Format(newest: 1).Read(stream, out _);

        Assert.Equal(42, stream.ReadByte());
    }

    [Fact]
    public void The_bytes_are_as_documented()
    {
        byte[] bytes = Bytes([("ABCD", [7, 8])], version: 1);

        Assert.Equal("894D4C500D0A1A0A" + "01000000" + "01000000" + "41424344" + "0200000000000000" + "0708", Convert.ToHexString(bytes[..^32]));
        byte[] hashed = [1, 0, 0, 0, .. bytes[16..^32]];
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(hashed), bytes[^32..]);
    }

    [Fact]
    public void Any_changed_byte_is_found()
    {
        byte[] bytes = Bytes(_sections);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x40;
            try
            {
                // The number of sections is the one place where a change can look right: fewer sections are read, and the reader misses them.
                Assert.NotEqual(_sections.Length, Read(changed).Count);
                Assert.InRange(i, 12, 15);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Any_cut_is_found()
    {
        byte[] bytes = Bytes(_sections);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => Read(bytes[..length])).Message);
        }
    }

    [Fact]
    public void A_newer_version_is_named_as_such()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Read(Bytes(_sections, version: 9)));

        Assert.Contains("newer version", exception.Message);
        Assert.Contains("9", exception.Message);
    }

    [Fact]
    public void Foreign_bytes_are_named_as_such() =>
        Assert.Contains("not a network of MLNet.LrSchedule", Assert.Throws<InvalidDataException>(() => Read("PK and more"u8.ToArray())).Message);

    [Fact]
    public void A_length_beyond_the_bytes_costs_no_memory()
    {
        byte[] bytes = Bytes(_sections);
        BitConverter.TryWriteBytes(bytes.AsSpan(20), (long)int.MaxValue - 100);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Read(bytes));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static SectionedFormat Format(int newest) => new("network", "MLP", newest);

    private static IReadOnlyDictionary<string, byte[]> Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return Format(newest: 1).Read(stream, out _);
    }

    private static byte[] Bytes((string Tag, byte[] Content)[] sections, int version = 1)
    {
        using MemoryStream stream = new();
        Format(version).Write(stream, sections);
        return stream.ToArray();
    }
}
