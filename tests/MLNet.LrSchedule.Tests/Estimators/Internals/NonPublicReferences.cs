using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLNet.LrSchedule.Tests.Estimators.Internals;

/// <summary>Lists what an assembly uses of ML.NET that is not public there, by reading the metadata of both sides.</summary>
internal sealed class NonPublicReferences : IDisposable
{
    private const string BestFriend = "BestFriendAttribute";

    private static readonly TypeNames _names = new();

    private readonly PEReader _file;
    private readonly Dictionary<string, PEReader> _definitions = [];

    public NonPublicReferences(string assemblyPath)
    {
        _file = new PEReader(File.OpenRead(assemblyPath));
        MetadataReader reader = _file.GetMetadataReader();
        foreach (string name in reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)))
        {
            string path = Path.Combine(Path.GetDirectoryName(assemblyPath)!, name + ".dll");
            if (name.StartsWith("Microsoft.ML", StringComparison.Ordinal) && File.Exists(path))
            {
                _definitions.Add(name, new PEReader(File.OpenRead(path)));
            }
        }
    }

    /// <summary>
    /// One line each: the kind of use, whether ML.NET marks the type or the member as shared with its sibling packages, and the name.
    /// </summary>
    public IReadOnlyCollection<string> List()
    {
        MetadataReader reader = _file.GetMetadataReader();
        SortedSet<string> lines = new(StringComparer.Ordinal);
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (Find(reader, handle) is { } found && !IsPublic(found.Reader.GetTypeDefinition(found.Type).Attributes))
            {
                lines.Add($"type {Mark(found.Reader, found.Type)} {TypeNames.Of(found.Reader, found.Type)}");
            }
        }

        foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (Find(reader, member.Parent) is { } found)
            {
                lines.UnionWith(MemberLines("member", found, reader.GetString(member.Name), Signature(reader, member), mustExist: true));
            }
        }

        foreach (MethodDefinition method in reader.MethodDefinitions.Select(reader.GetMethodDefinition))
        {
            if ((method.Attributes & (MethodAttributes.Virtual | MethodAttributes.NewSlot)) != MethodAttributes.Virtual)
            {
                continue;
            }

            foreach ((MetadataReader Reader, TypeDefinitionHandle Type) ancestor in Ancestors(reader, method.GetDeclaringType()))
            {
                // The types of an override are spelled with the arguments of the base class, so the parameters are not compared.
                lines.UnionWith(MemberLines("override", ancestor, reader.GetString(method.Name), signature: null, mustExist: false));
            }
        }

        return lines;
    }

    public void Dispose()
    {
        _file.Dispose();
        foreach (PEReader definition in _definitions.Values)
        {
            definition.Dispose();
        }
    }

    private static IEnumerable<string> MemberLines(
        string use, (MetadataReader Reader, TypeDefinitionHandle Type) found, string name, string? signature, bool mustExist)
    {
        (MetadataReader reader, TypeDefinitionHandle handle) = found;
        TypeDefinition type = reader.GetTypeDefinition(handle);
        bool isPublicType = IsPublic(type.Attributes);
        bool exists = false;
        foreach (MethodDefinitionHandle candidate in type.GetMethods())
        {
            MethodDefinition method = reader.GetMethodDefinition(candidate);
            string text = Text(method.DecodeSignature(_names, null));
            if (reader.GetString(method.Name) != name || (signature is not null && text != signature))
            {
                continue;
            }

            exists = true;
            if (!isPublicType || !IsPublic(method.Attributes))
            {
                IEnumerable<CustomAttributeHandle> attributes = method.GetCustomAttributes().Concat(PropertyAttributes(reader, type, candidate));
                yield return $"{use} {Mark(reader, handle, attributes)} {TypeNames.Of(reader, handle)}.{name}{text}";
            }
        }

        foreach (FieldDefinition field in type.GetFields().Select(reader.GetFieldDefinition))
        {
            if (reader.GetString(field.Name) != name || field.DecodeSignature(_names, null) != signature)
            {
                continue;
            }

            exists = true;
            if (!isPublicType || !IsPublic(field.Attributes))
            {
                yield return $"{use} {Mark(reader, handle, field.GetCustomAttributes())} {TypeNames.Of(reader, handle)}.{name}";
            }
        }

        if (mustExist && !exists)
        {
            throw new MissingMemberException(TypeNames.Of(reader, handle), name + signature);
        }
    }

    private static string Signature(MetadataReader reader, MemberReference member) => member.GetKind() == MemberReferenceKind.Field
        ? member.DecodeFieldSignature(_names, null)
        : Text(member.DecodeMethodSignature(_names, null));

    private static string Text(MethodSignature<string> signature) => $"({string.Join(", ", signature.ParameterTypes)}) : {signature.ReturnType}";

    // Protected members of a public class are public for whoever derives from it.
    private static bool IsPublic(TypeAttributes attributes) =>
        (attributes & TypeAttributes.VisibilityMask) is TypeAttributes.Public or TypeAttributes.NestedPublic;

    private static bool IsPublic(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsPublic(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Mark(MetadataReader reader, TypeDefinitionHandle type, IEnumerable<CustomAttributeHandle>? member = null)
    {
        IEnumerable<CustomAttributeHandle> attributes = reader.GetTypeDefinition(type).GetCustomAttributes();
        return attributes.Concat(member ?? []).Any(handle => IsBestFriend(reader, handle)) ? "shared" : "unmarked";
    }

    private static IEnumerable<CustomAttributeHandle> PropertyAttributes(MetadataReader reader, TypeDefinition type, MethodDefinitionHandle accessor) =>
        from property in type.GetProperties().Select(reader.GetPropertyDefinition)
        where property.GetAccessors().Getter == accessor || property.GetAccessors().Setter == accessor
        from attribute in property.GetCustomAttributes()
        select attribute;

    private static bool IsBestFriend(MetadataReader reader, CustomAttributeHandle handle)
    {
        EntityHandle constructor = reader.GetCustomAttribute(handle).Constructor;
        EntityHandle type = constructor.Kind == HandleKind.MethodDefinition
            ? reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()
            : reader.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        return type.Kind switch
        {
            HandleKind.TypeDefinition => reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)type).Name) == BestFriend,
            HandleKind.TypeReference => reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name) == BestFriend,
            _ => false,
        };
    }

    private IEnumerable<(MetadataReader Reader, TypeDefinitionHandle Type)> Ancestors(MetadataReader reader, TypeDefinitionHandle type)
    {
        while (true)
        {
            EntityHandle parent = reader.GetTypeDefinition(type).BaseType;
            if (parent.IsNil)
            {
                yield break;
            }

            EntityHandle plain = WithoutArguments(reader, parent);
            if (plain.Kind == HandleKind.TypeDefinition)
            {
                type = (TypeDefinitionHandle)plain;
            }
            else if (Find(reader, plain) is { } found)
            {
                yield return found;
                (reader, type) = found;
            }
            else
            {
                yield break;
            }
        }
    }

    private (MetadataReader Reader, TypeDefinitionHandle Type)? Find(MetadataReader reader, EntityHandle handle)
    {
        handle = WithoutArguments(reader, handle);
        if (handle.Kind != HandleKind.TypeReference)
        {
            return null;
        }

        var reference = (TypeReferenceHandle)handle;
        EntityHandle scope = reader.GetTypeReference(reference).ResolutionScope;
        while (scope.Kind == HandleKind.TypeReference)
        {
            scope = reader.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
        }

        string assembly = reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
        if (!_definitions.TryGetValue(assembly, out PEReader? file))
        {
            return null;
        }

        MetadataReader definitions = file.GetMetadataReader();
        string name = TypeNames.Of(reader, reference);
        foreach (TypeDefinitionHandle candidate in definitions.TypeDefinitions)
        {
            if (TypeNames.Of(definitions, candidate) == name)
            {
                return (definitions, candidate);
            }
        }

        // A type that moved is still found where its old assembly says it went; the name is what the runtime goes by too.
        return definitions.ExportedTypes.Any(exported => definitions.GetString(definitions.GetExportedType(exported).Name) == name.Split('.')[^1])
            ? null
            : throw new TypeLoadException($"{name} is not in {assembly}.");
    }

    // The generic type of a constructed one: the first type a specification's blob names after the words "generic instance of".
    private static EntityHandle WithoutArguments(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind != HandleKind.TypeSpecification)
        {
            return handle;
        }

        BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return default;
        }

        blob.ReadSignatureTypeCode();
        return blob.ReadTypeHandle();
    }
}
