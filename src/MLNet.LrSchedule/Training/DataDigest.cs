using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>A digest of rows, by which a resumed run knows that it has the rows that it started with.</summary>
internal static class DataDigest
{
    public static string Of(TrainingData training, TrainingData? validation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, training);
        if (validation is not null)
            Append(digest, validation);
        return Convert.ToHexString(digest.GetHashAndReset());
    }

    private static void Append(IncrementalHash digest, TrainingData data)
    {
        digest.AppendData(BitConverter.GetBytes(data.RowCount));
        digest.AppendData(BitConverter.GetBytes(data.FeatureCount));
        for (int row = 0; row < data.RowCount; row++)
            digest.AppendData(MemoryMarshal.AsBytes(data.Features(row)));
        digest.AppendData(MemoryMarshal.AsBytes(data.Labels));
        digest.AppendData(MemoryMarshal.AsBytes(data.Weights));
    }
}
