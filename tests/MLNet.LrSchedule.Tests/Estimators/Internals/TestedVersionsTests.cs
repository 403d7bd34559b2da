using System;
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

    [Fact]
    public void Other_exceptions_pass() => Assert.Throws<ArgumentException>(() => TestedVersions.Touch<int>(() => throw new ArgumentException()));
}
