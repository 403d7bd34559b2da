using System;
using System.Collections.Generic;
using System.Linq;

namespace MLNet.LrSchedule.Samples.Sentiment;

/// <summary>One sentence, and whether its writer was happy.</summary>
internal sealed class Sentence
{
    public string Text { get; set; } = "";

    public bool Label { get; set; }
}

/// <summary>Sentences of hotel guests, put together from word lists: the same for the same seed.</summary>
internal static class GuestBook
{
    private static readonly string[] Things =
        ["room", "bed", "breakfast", "shower", "view", "garden", "staff", "bar", "pool", "lobby", "dinner", "balcony", "service", "neighbourhood"];

    private static readonly string[] Praise = ["lovely", "spotless", "comfortable", "charming", "excellent", "delightful", "quiet", "generous", "warm", "perfect"];

    private static readonly string[] Blame = ["dirty", "broken", "noisy", "disappointing", "dreadful", "cold", "shabby", "unfriendly", "stale", "cramped"];

    private static readonly string[] Openings = ["", "Honestly, ", "In short: ", "As for our stay, ", "This time ", "For the price, "];

    private static readonly string[] Endings = ["", " all week", " from the first day", " every morning", " when we arrived", " as always"];

    /// <summary>Sentences of which about half are happy; some praise by a negated complaint, some complain after a word of praise.</summary>
    public static IReadOnlyList<Sentence> Write(int sentences, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, sentences).Select(_ => Sentence(random))];
    }

    private static Sentence Sentence(Random random)
    {
        bool happy = random.Next(2) == 0;
        string[] words = happy ? Praise : Blame, opposite = happy ? Blame : Praise;
        string thing = Pick(random, Things), other = Pick(random, Things);
        string core = random.Next(5) switch
        {
            0 => $"the {thing} was not {Pick(random, opposite)}",
            1 => $"the {other} was {Pick(random, opposite)}, but what counts is the {thing}, which was {Pick(random, words)}",
            2 => $"the {thing} was {Pick(random, words)} and the {other} {Pick(random, words)}",
            3 => $"what a {Pick(random, words)} {thing} we had",
            _ => $"the {thing} was {Pick(random, words)}",
        };
        string text = Pick(random, Openings) + core + Pick(random, Endings) + ".";
        return new Sentence { Text = char.ToUpperInvariant(text[0]) + text[1..], Label = happy };
    }

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}
