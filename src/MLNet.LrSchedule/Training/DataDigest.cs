using System;
using System.Security.Cryptography;

namespace MLNet.LrSchedule.Training;

/// <summary>A digest of rows, by which a resumed run knows that it has the rows that it started with.</summary>
internal static class DataDigest
{
    public static string Of(TrainingRows training, TrainingRows? validation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        training.AppendTo(digest);
        validation?.AppendTo(digest);
        return Convert.ToHexString(digest.GetHashAndReset());
    }
}
