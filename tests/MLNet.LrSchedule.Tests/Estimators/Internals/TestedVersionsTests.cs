using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.ML;
using MLNet.LrSchedule.Internals;
using Xunit;

namespace MLNet.LrSchedule.Tests.Estimators.Internals;

public class TestedVersionsTests
{
    [Fact]
    public void What_works_is_given_back() => Assert.Equal(5, TestedVersions.Touch(() => 5));

    public static TheoryData<Exception> WhatTheRuntimeThrows =>
    [
        new MissingMethodException("Method not found: 'Host'."),
        new MissingFieldException("Field not found: 'Host'."),
        new TypeLoadException("Could not load type 'Host'."),
        new MethodAccessException("Attempt to access 'Host' failed."),
        new FieldAccessException("Attempt to access 'Host' failed."),
    ];

    [Theory]
    [MemberData(nameof(WhatTheRuntimeThrows))]
    public void A_missing_member_names_the_versions_that_work_the_one_that_is_loaded_and_the_member(Exception thrown)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => TestedVersions.Touch<int>(() => throw thrown));

        Assert.Contains("works with Microsoft.ML 5.0.x", exception.Message);
        Assert.Contains("the one loaded is 5.", exception.Message);
        Assert.Contains("'Host'", exception.Message);
        Assert.Same(thrown, exception.InnerException);
    }

    // A copy of this test's folder with a Microsoft.ML.Data that is another version or in which a member has another name: one that the trainer needs to be
    // made, or one that another trainer needs when it is fitted.
    [Theory]
    [InlineData("5.0.", "MakeBoolScalarLabel", false)]
    [InlineData("6.0.", "MakeBoolScalarLabel", false)]
    [InlineData("6.0.", "CheckRegressionLabel", false)]
    [InlineData("6.0.", "NoSuchMember", true)]
    public void A_trainer_made_on_an_ML_NET_without_a_member_says_which_one_and_which_versions_work(string version, string member, bool isThere)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("other-mlnet-");
        try
        {
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            string path = Path.Combine(folder.FullName, "Microsoft.ML.Data.dll");
            byte[] assembly = File.ReadAllBytes(path);
            string real = FileVersionInfo.GetVersionInfo(path).FileVersion!;
            Replace(assembly, real, version + real[version.Length..]);
            if (!isThere)
            {
                // Names stand in the metadata as zero-terminated UTF-8.
                Replace(assembly, $"\0{member}\0", $"\0X{member[1..]}\0");
            }

            File.WriteAllBytes(path, assembly);

            string message = ChildProcess.RunIn(folder.FullName, MakeTrainer);

            Assert.Contains(isThere ? "was made" : "works with Microsoft.ML 5.0.x", message);
            Assert.Contains(isThere ? "MlpBinaryTrainer" : member, message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [ChildCommand]
    internal static string MakeTrainer(string[] arguments)
    {
        try
        {
            return $"{new MLContext().BinaryClassification.Trainers.Mlp()} was made";
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private static void Replace(byte[] bytes, string text, string other)
    {
        byte[] from = Encoding.UTF8.GetBytes(text), to = Encoding.UTF8.GetBytes(other);
        Assert.Equal(from.Length, to.Length);
        int place = bytes.AsSpan().IndexOf(from);
        Assert.True(place >= 0, $"'{text}' is not in this assembly.");
        to.CopyTo(bytes.AsSpan(place));
    }

    [Fact]
    public void Other_exceptions_pass() => Assert.Throws<ArgumentException>(() => TestedVersions.Touch<int>(() => throw new ArgumentException()));
}
