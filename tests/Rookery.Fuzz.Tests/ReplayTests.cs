// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Fuzz.Tests;

/// <summary>What once failed stays mended: every seed and every kept input of every target, and a short walk from them that is the same each time.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_and_inputs_that_once_failed_are_taken(string name)
    {
        FuzzTarget target = Targets.All.Single(one => one.Name == name);
        target.Seeds.ShouldNotBeEmpty();
        List<byte[]> inputs = [.. target.Seeds, .. Fuzzer.Corpus(name)];
        foreach (byte[] input in inputs)
        {
            target.Run(input);
        }

        Random random = new(297);
        for (int i = 0; i < 300; i++)
        {
            target.Run(target.Mutate(random, inputs[i % inputs.Count]));
        }
    }

    [Fact]
    public void Every_folder_of_the_corpus_belongs_to_a_target()
    {
        string[] folders = Directory.GetDirectories(Path.Combine(Fuzzer.TestData, "fuzz"));
        folders.Select(Path.GetFileName).ShouldBeSubsetOf(Targets.All.Select(target => target.Name));
    }
}
