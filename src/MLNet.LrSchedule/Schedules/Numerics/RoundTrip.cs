using System.Globalization;

namespace MLNet.LrSchedule.Schedules;

/// <summary>Numbers as text that reads back to the same bits.</summary>
internal static class RoundTrip
{
    /// <summary>The shortest text of a number, in the invariant culture, that reads back to it.</summary>
    /// <remarks>
    /// .NET's own shortest text of 2^-25 reads back to the number below: it drops a digit too many where the next smaller number is twice as near as the
    /// next larger one. A rate that has been halved 25 times is no rarity, so the text is checked and written with all 17 digits where it fails.
    /// </remarks>
    public static string Text(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsNaN(value) || double.Parse(text, CultureInfo.InvariantCulture) == value ? text : value.ToString("G17", CultureInfo.InvariantCulture);
    }

    /// <summary>The same in single precision: the text of a weight is as short as a weight, not as the double it widens to.</summary>
    public static string Text(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return float.IsNaN(value) || float.Parse(text, CultureInfo.InvariantCulture) == value ? text : value.ToString("G9", CultureInfo.InvariantCulture);
    }
}
