using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.LrSchedule;

/// <summary>
/// A message in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding): fields in the order in which they are added. It refers to
/// arrays of numbers and to the messages inside it instead of copying them, and knows its length before it is written.
/// </summary>
/// <remarks>A dozen lines of the format are all that a file needs; the library by Google would be one more dependency of everybody who trains a network.</remarks>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;
    private const int BlockLength = 1 << 16;

    // A byte array, an array of numbers or a message.
    private readonly List<object> _parts = [];

    public long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public void Add(int field, long value)
    {
        List<byte> bytes = Tag(field, Varint);
        AddVarint(bytes, (ulong)value);
        AddPart([.. bytes]);
    }

    /// <summary>Adds a number in single precision.</summary>
    public void Add(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        AddPart([.. Tag(field, Fixed32), .. bytes]);
    }

    /// <summary>Adds text.</summary>
    public void Add(int field, string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        AddHeader(field, text.Length);
        AddPart(text);
    }

    /// <summary>Adds a message, to which nothing may be added afterwards.</summary>
    public void Add(int field, ProtobufMessage value)
    {
        AddHeader(field, value.Length);
        _parts.Add(value);
        Length += value.Length;
    }

    /// <summary>Adds the bytes of an array of <see cref="float"/> or <see cref="long"/>, little-endian on every machine.</summary>
    public void AddRaw(int field, Array numbers)
    {
        long length = numbers switch
        {
            float[] => (long)numbers.Length * sizeof(float),
            long[] => (long)numbers.Length * sizeof(long),
            _ => throw new ArgumentException($"An array of {numbers.GetType().GetElementType()} has no raw form here.", nameof(numbers)),
        };
        AddHeader(field, length);
        _parts.Add(numbers);
        Length += length;
    }

    public void WriteTo(Stream stream)
    {
        foreach (object part in _parts)
        {
            switch (part)
            {
                case byte[] bytes:
                    stream.Write(bytes);
                    break;
                case float[] numbers:
                    WriteTo(stream, MemoryMarshal.Cast<float, int>(numbers), BinaryPrimitives.WriteInt32LittleEndian);
                    break;
                case long[] numbers:
                    WriteTo<long>(stream, numbers, BinaryPrimitives.WriteInt64LittleEndian);
                    break;
                default:
                    ((ProtobufMessage)part).WriteTo(stream);
                    break;
            }
        }
    }

    private static unsafe void WriteTo<T>(Stream stream, ReadOnlySpan<T> numbers, Action<Span<byte>, T> write)
        where T : unmanaged
    {
        byte[] block = new byte[Math.Min(BlockLength, (long)numbers.Length * sizeof(T))];
        while (!numbers.IsEmpty)
        {
            int count = Math.Min(numbers.Length, BlockLength / sizeof(T));
            for (int i = 0; i < count; i++)
                write(block.AsSpan(i * sizeof(T)), numbers[i]);
            stream.Write(block, 0, count * sizeof(T));
            numbers = numbers[count..];
        }
    }

    private static List<byte> Tag(int field, int wireType)
    {
        List<byte> bytes = [];
        AddVarint(bytes, ((ulong)field << 3) | (uint)wireType);
        return bytes;
    }

    // Seven bits to a byte, the lowest first; the eighth says that more come.
    private static void AddVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    private void AddHeader(int field, long length)
    {
        List<byte> bytes = Tag(field, LengthDelimited);
        AddVarint(bytes, (ulong)length);
        AddPart([.. bytes]);
    }

    private void AddPart(byte[] bytes)
    {
        _parts.Add(bytes);
        Length += bytes.Length;
    }
}
