// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Media.Tests;

/// <summary>Runs a law over random cases. Fixed seeds: a failure is the same tomorrow, and prints what to replay.</summary>
internal static class Property
{
    /// <param name="law">Throws when it does not hold; takes a source of chance made from the case's seed, and the case's size (0 to 100).</param>
    public static void Holds(Action<Random, int> law, int cases = 60)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20_261_122, 297);
        Arbitrary<(int Seed, int Size)> source = Gen.Sized(size => Gen.Choose(0, int.MaxValue - 1).Select(seed => (seed, size))).ToArbitrary();
        Prop.ForAll(source, one => law(new Random(one.Seed), one.Size)).Check(config);
    }
}
