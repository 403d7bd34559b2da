using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace MLNet.LrSchedule.Training;

/// <summary>
/// A small container of named blocks of bytes, each with a checksum, of a known version. All numbers are little-endian.
/// <code>
/// 8 bytes   signature: 89, three letters, 0D 0A 1A 0A; the line ends show a file that went through a text conversion
/// 4 bytes   version of the content, from 1 up
/// 4 bytes   number of sections
/// then for each section
/// 4 bytes   tag, four ASCII letters
/// 8 bytes   number n of bytes
/// n bytes   content
/// 32 bytes  SHA-256 of the version, the tag, the number n and the content, as they stand above
/// </code>
/// </summary>
internal sealed class SectionedFormat(string what, string letters, int newestVersion)
{
    private readonly byte[] _signature = [0x89, .. Encoding.ASCII.GetBytes(letters), 0x0D, 0x0A, 0x1A, 0x0A];

    private const int TagLength = 4;
    private const int MaximumCount = 64;
    private const int ReadAtOnce = 1 << 20;

    /// <summary>Writes sections in the order given.</summary>
    public void Write(Stream stream, IReadOnlyList<(string Tag, byte[] Content)> sections)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        stream.Write(_signature);
        BinaryPrimitives.WriteInt32LittleEndian(number, newestVersion);
        stream.Write(number);
        BinaryPrimitives.WriteInt32LittleEndian(number, sections.Count);
        stream.Write(number);
        Span<byte> head = stackalloc byte[TagLength + sizeof(long)];
        foreach ((string tag, byte[] content) in sections)
        {
            Encoding.ASCII.GetBytes(tag, head);
            BinaryPrimitives.WriteInt64LittleEndian(head[TagLength..], content.LongLength);
            stream.Write(head);
            stream.Write(content);
            stream.Write(Checksum(newestVersion, head, content));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and nothing behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else, damaged, cut off, or of a version after the newest.</exception>
    public IReadOnlyDictionary<string, byte[]> Read(Stream stream, out int version)
    {
        Span<byte> start = stackalloc byte[16];
        ReadExactly(stream, start[..8], "the signature");
        if (!start[..8].SequenceEqual(_signature))
        {
            throw new InvalidDataException(
                $"These bytes are not a {what} of MLNet.LrSchedule: expected the signature {Convert.ToHexString(_signature)}, found {Convert.ToHexString(start[..8])}.");
        }

        ReadExactly(stream, start[8..], "the version");
        version = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
        if (version < 1 || version > newestVersion)
        {
            throw new InvalidDataException(version < 1
                ? $"The {what}'s format version is damaged: expected 1 to {newestVersion}, found {version}."
                : $"The {what} was written by a newer version of MLNet.LrSchedule: expected a format version up to {newestVersion}, found {version}.");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(start[12..]);
        if (count is < 0 or > MaximumCount)
        {
            throw new InvalidDataException($"The {what}'s number of sections is damaged: expected 0 to {MaximumCount}, found {count}.");
        }

        Dictionary<string, byte[]> sections = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            (string tag, byte[] content) = ReadSection(stream, version, i);
            if (!sections.TryAdd(tag, content))
            {
                throw new InvalidDataException($"The {what} has two sections '{tag}'.");
            }
        }

        return sections;
    }

    private (string Tag, byte[] Content) ReadSection(Stream stream, int version, int index)
    {
        Span<byte> head = stackalloc byte[TagLength + sizeof(long)];
        ReadExactly(stream, head, $"the head of section {index}");
        string tag = Encoding.Latin1.GetString(head[..TagLength]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(head[TagLength..]);
        if (length < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"The length of section '{Printable(tag)}' is damaged: expected 0 to {Array.MaxLength}, found {length}.");
        }

        byte[] content = ReadContent(stream, (int)length, tag);
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        ReadExactly(stream, expected, $"the checksum of section '{Printable(tag)}'");
        byte[] found = Checksum(version, head, content);
        if (!expected.SequenceEqual(found))
        {
            throw new InvalidDataException(
                $"Section '{Printable(tag)}' of the {what} is damaged: expected the checksum {Convert.ToHexString(expected)}, found {Convert.ToHexString(found)}.");
        }

        return (tag, content);
    }

    // A damaged length must not cost memory that the stream does not have bytes for, so the buffer grows with what arrives.
    private byte[] ReadContent(Stream stream, int length, string tag)
    {
        byte[] content = new byte[Math.Min(length, ReadAtOnce)];
        int position = 0;
        while (true)
        {
            ReadExactly(stream, content.AsSpan(position), $"section '{Printable(tag)}'");
            position = content.Length;
            if (position == length)
            {
                return content;
            }

            Array.Resize(ref content, (int)Math.Min(length, 2L * position));
        }
    }

    private static byte[] Checksum(int version, ReadOnlySpan<byte> head, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, version);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(number);
        hash.AppendData(head);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    private void ReadExactly(Stream stream, Span<byte> destination, string part)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
        {
            throw new InvalidDataException($"The {what} is cut off in {part}: expected {destination.Length} more bytes, found {read}.");
        }
    }

    private static string Printable(string tag) => string.Create(tag.Length, tag, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '?';
        }
    });
}
