using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNet.LrSchedule.Schedules;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// The bytes of a checkpoint, in the container of <see cref="SectionedFormat"/>. Version 1 has these sections:
/// <code>
/// HEAD  JSON: the state of the run and what a run must have in common with it (<see cref="CheckpointHeader"/>)
/// PARA  the network's parameters, float32
/// BEST  those of the best epoch; empty while there is none
/// SCAL  the optimizer's scalars, float64
/// S000  the optimizer's slots, float32, one section each, numbered from 0
/// </code>
/// Numbers are little-endian.
/// </summary>
internal static class CheckpointFile
{
    private const int Version = 1;
    private static readonly SectionedFormat _format = new("checkpoint", "MLC", Version);

    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        // The plain path writes some numbers, 2^-25 among them, in a form that reads back to another one.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new NumberConverter() },
    };

    /// <summary>
    /// Writes beside the file, brings the bytes to the disk, and only then puts the new file in the place of the old in one step: whatever
    /// happens in between, the old one stays.
    /// </summary>
    public static void Write(CheckpointOptions options, Checkpoint checkpoint)
    {
        string path = Path.GetFullPath(options.Path), temporary = path + ".writing";
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var stream = options.Wrap?.Invoke(file) ?? file;
            _format.Write(stream, Sections(checkpoint));
            stream.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public static Checkpoint Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no checkpoint '{path}'.", path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var sections = _format.Read(stream, out _);
            var checkpoint = FromSections(sections);
            return stream.ReadByte() < 0
                ? checkpoint
                : throw new InvalidDataException("There are bytes behind the end of the checkpoint.");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' cannot be resumed from: {e.Message}", e);
        }
    }

    private static List<(string Tag, byte[] Content)> Sections(Checkpoint checkpoint)
    {
        List<(string, byte[])> sections =
        [
            ("HEAD", JsonSerializer.SerializeToUtf8Bytes(checkpoint.Header, _json)),
            ("PARA", ToBytes<float>(checkpoint.Parameters)),
            ("BEST", ToBytes<float>(checkpoint.Best)),
            ("SCAL", ToBytes<double>(checkpoint.Scalars)),
        ];
        sections.AddRange(checkpoint.Slots.Select((slot, index) => (SlotTag(index), ToBytes<float>(slot))));
        return sections;
    }

    private static Checkpoint FromSections(IReadOnlyDictionary<string, byte[]> sections)
    {
        byte[] Section(string tag) => sections.TryGetValue(tag, out var content)
            ? content
            : throw new InvalidDataException($"The checkpoint has no section '{tag}'.");

        var header = JsonSerializer.Deserialize<CheckpointHeader>(Section("HEAD"), _json) ?? throw new InvalidDataException("The checkpoint's head is empty.");
        if (sections.Count != 4 + header.Slots)
            throw new InvalidDataException($"The checkpoint should have {4 + header.Slots} sections but has {sections.Count}.");
        return new Checkpoint(
            header,
            FromBytes<float>(Section("PARA")),
            [.. Enumerable.Range(0, header.Slots).Select(index => FromBytes<float>(Section(SlotTag(index))))],
            FromBytes<double>(Section("SCAL")),
            FromBytes<float>(Section("BEST")));
    }

    private static string SlotTag(int index) => $"S{index:D3}";

    private static byte[] ToBytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        ReverseWhereBigEndian<T>(bytes);
        return bytes;
    }

    private static T[] FromBytes<T>(byte[] bytes)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        if (bytes.Length % size != 0)
            throw new InvalidDataException($"A section of {bytes.Length} bytes does not hold numbers of {size} bytes.");
        ReverseWhereBigEndian<T>(bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    private static void ReverseWhereBigEndian<T>(byte[] bytes)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
            return;
        for (int at = 0; at < bytes.Length; at += Marshal.SizeOf<T>())
            Array.Reverse(bytes, at, Marshal.SizeOf<T>());
    }
}
