using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Build step: copies assemblies and, in the copies, opens the types it is given: what is <c>internal</c> becomes <c>public</c>, what is
/// <c>private protected</c> becomes <c>protected</c>, everything else stays. Only flags are overwritten, so no byte of a copy moves.
/// Compiled by MSBuild when the build runs; it is no part of the library.
/// </summary>
public sealed class OpenInternals : Task
{
    /// <summary>The assemblies to copy.</summary>
    [Required]
    public ITaskItem[] Assemblies { get; set; }

    /// <summary>Full names of the types to open; a nested type is given as a plus sign and its own name.</summary>
    [Required]
    public string[] Types { get; set; }

    /// <summary>Where the copies go, under the assemblies' own file names.</summary>
    [Required]
    public string Folder { get; set; }

    public override bool Execute()
    {
        var missing = new HashSet<string>(Types, StringComparer.Ordinal);
        Directory.CreateDirectory(Folder);
        foreach (string path in Assemblies.Select(assembly => assembly.ItemSpec))
        {
            byte[] image = File.ReadAllBytes(path);
            try
            {
                missing.ExceptWith(new TypeOpener(image).Open(Types));
            }
            catch (BadImageFormatException e)
            {
                Log.LogError("{0} cannot be opened for the compiler: {1}", path, e.Message);
                return false;
            }

            Replace(Path.Combine(Folder, Path.GetFileName(path)), image);
        }

        foreach (string type in missing)
        {
            Log.LogError("The type {0} is in none of the assemblies {1}. Has ML.NET renamed it?", type, string.Join(", ", Assemblies.Select(a => a.ItemSpec)));
        }

        return missing.Count == 0;
    }

    // Two builds of one project may run at once: each writes a file of its own and moves it into place in one operation where the
    // platform has one. Where it has not, a lost race leaves the other build's file, which has the same bytes.
    private static void Replace(string destination, byte[] content)
    {
        string temporary = destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, content);
        if (!File.Exists(destination))
        {
            try
            {
                File.Move(temporary, destination);
                return;
            }
            catch (IOException) when (File.Exists(destination))
            {
            }
        }

        try
        {
            File.Replace(temporary, destination, null);
        }
        catch (IOException) when (File.ReadAllBytes(destination).SequenceEqual(content))
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// Finds the metadata tables of a managed assembly (ECMA-335, partition II, sections 22 to 25) and rewrites accessibility flags.
    /// The tables lie one after another, so the row sizes of the first seven are enough to reach TypeDef, Field and MethodDef.
    /// </summary>
    private sealed class TypeOpener
    {
        private const int Module = 0x00, TypeRef = 0x01, TypeDef = 0x02, FieldPointer = 0x03, Field = 0x04, MethodPointer = 0x05, MethodDef = 0x06;
        private const int Param = 0x08, ModuleRef = 0x1A, TypeSpec = 0x1B, AssemblyRef = 0x23;

        private readonly byte[] _image;
        private readonly int _strings;
        private readonly int[] _rowCount = new int[64];
        private readonly int[] _start = new int[MethodDef + 1];
        private readonly int[] _rowSize = new int[MethodDef + 1];
        private readonly int _stringIndex;
        private readonly int _typeDefOrRefIndex;

        public TypeOpener(byte[] image)
        {
            _image = image;
            int metadata = FindMetadata();
            int tables = FindStream(metadata, "#~");
            _strings = FindStream(metadata, "#Strings");

            byte heapSizes = image[tables + 6];
            _stringIndex = (heapSizes & 1) == 0 ? 2 : 4;
            int guidIndex = (heapSizes & 2) == 0 ? 2 : 4;
            int blobIndex = (heapSizes & 4) == 0 ? 2 : 4;

            long present = BitConverter.ToInt64(image, tables + 8);
            int position = tables + 24;
            for (int table = 0; table < 64; table++)
            {
                if ((present & 1L << table) == 0)
                {
                    continue;
                }

                _rowCount[table] = Int32At(position);
                position += 4;
            }

            if (_rowCount[FieldPointer] + _rowCount[MethodPointer] > 0)
            {
                throw new BadImageFormatException("its metadata has pointer tables, which only unfinished assemblies have");
            }

            _typeDefOrRefIndex = IndexSize(2, TypeDef, TypeRef, TypeSpec);
            _rowSize[Module] = 2 + _stringIndex + (3 * guidIndex);
            _rowSize[TypeRef] = IndexSize(2, Module, ModuleRef, AssemblyRef, TypeRef) + (2 * _stringIndex);
            _rowSize[TypeDef] = 4 + (2 * _stringIndex) + _typeDefOrRefIndex + IndexSize(0, Field) + IndexSize(0, MethodDef);
            _rowSize[Field] = 2 + _stringIndex + blobIndex;
            _rowSize[MethodDef] = 8 + _stringIndex + blobIndex + IndexSize(0, Param);
            for (int table = Module; table <= MethodDef; table++)
            {
                _start[table] = position;
                position += _rowCount[table] * _rowSize[table];
            }
        }

        /// <summary>Opens those of the given types that the assembly defines, and returns their names.</summary>
        public IEnumerable<string> Open(IEnumerable<string> types)
        {
            var wanted = new HashSet<string>(types, StringComparer.Ordinal);
            var found = new List<string>();
            for (int row = 0; row < _rowCount[TypeDef]; row++)
            {
                string name = TypeName(row);
                if (!wanted.Contains(name))
                {
                    continue;
                }

                found.Add(name);
                OpenFlags(RowAt(TypeDef, row), (0, 1), (5, 2), (6, 4));
                foreach (int field in Members(row, Field))
                {
                    OpenFlags(RowAt(Field, field), (3, 6), (2, 4));
                }

                foreach (int method in Members(row, MethodDef))
                {
                    OpenFlags(RowAt(MethodDef, method) + 6, (3, 6), (2, 4));
                }
            }

            return found;
        }

        // Accessibility is the lowest three bits of the flags of types, fields and methods. For types (ECMA-335 II.23.1.15):
        // 0 internal, 1 public, 2 nested public, 4 nested protected, 5 nested internal, 6 nested private protected.
        // For members (II.23.1.5 and II.23.1.10): 2 private protected, 3 internal, 4 protected, 6 public.
        private void OpenFlags(int position, params (int From, int To)[] changes)
        {
            int access = _image[position] & 7;
            foreach ((int from, int to) in changes)
            {
                if (access == from)
                {
                    _image[position] = (byte)((_image[position] & ~7) | to);
                }
            }
        }

        private string TypeName(int row)
        {
            int position = RowAt(TypeDef, row);
            bool isNested = (_image[position] & 7) > 1;
            string name = StringAt(IndexAt(position + 4, _stringIndex));
            string space = StringAt(IndexAt(position + 4 + _stringIndex, _stringIndex));
            return isNested ? "+" + name : space.Length == 0 ? name : space + "." + name;
        }

        // A type's members are the rows from its own first one up to the first one of the type after it (II.22.37).
        private IEnumerable<int> Members(int type, int table)
        {
            int size = IndexSize(0, table);
            int column = 4 + (2 * _stringIndex) + _typeDefOrRefIndex + (table == MethodDef ? IndexSize(0, Field) : 0);
            int first = IndexAt(RowAt(TypeDef, type) + column, size) - 1;
            int end = type + 1 < _rowCount[TypeDef] ? IndexAt(RowAt(TypeDef, type + 1) + column, size) - 1 : _rowCount[table];
            return Enumerable.Range(first, end - first);
        }

        private int FindMetadata()
        {
            int header = Int32At(0x3C) + 4;
            int optionalHeader = header + 20;
            int firstSection = optionalHeader + UInt16At(header + 16);
            var sections = Enumerable.Range(0, UInt16At(header + 2)).Select(section => firstSection + (40 * section)).ToList();

            int ToPosition(int address)
            {
                foreach (int section in sections)
                {
                    int offset = address - Int32At(section + 12);
                    if (offset >= 0 && offset < Int32At(section + 16))
                    {
                        return Int32At(section + 20) + offset;
                    }
                }

                throw new BadImageFormatException("it is not a managed assembly");
            }

            // The fifteenth data directory is the CLI header; whether the directories begin at 96 or 112 says the format (PE32 or PE32+).
            int directories = optionalHeader + (UInt16At(optionalHeader) == 0x20B ? 112 : 96);
            int cliHeader = ToPosition(Int32At(directories + (14 * 8)));
            return ToPosition(Int32At(cliHeader + 8));
        }

        private int FindStream(int metadata, string wanted)
        {
            int position = metadata + 16 + Int32At(metadata + 12);
            int count = UInt16At(position + 2);
            position += 4;
            for (int stream = 0; stream < count; stream++)
            {
                string name = ZeroTerminated(position + 8);
                if (name == wanted)
                {
                    return metadata + Int32At(position);
                }

                // The name is padded with zeros, at least one, to a multiple of four bytes.
                position += 8 + ((name.Length / 4) + 1) * 4;
            }

            throw new BadImageFormatException("its metadata has no stream " + wanted);
        }

        // An index into one of several tables spends some bits on saying which; it is two bytes long while every table fits into the rest.
        private int IndexSize(int tagBits, params int[] tables) => tables.Max(table => _rowCount[table]) < 1 << (16 - tagBits) ? 2 : 4;

        private int RowAt(int table, int row) => _start[table] + (row * _rowSize[table]);

        private int IndexAt(int position, int size) => size == 2 ? UInt16At(position) : Int32At(position);

        private string StringAt(int index) => ZeroTerminated(_strings + index);

        private string ZeroTerminated(int position) => Encoding.UTF8.GetString(_image, position, Array.IndexOf(_image, (byte)0, position) - position);

        private int UInt16At(int position) => BitConverter.ToUInt16(_image, position);

        private int Int32At(int position) => BitConverter.ToInt32(_image, position);
    }
}
