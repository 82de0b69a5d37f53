// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rookery.Simulation;

/// <summary>What to say when a promise is broken. Formed only then: millions of promises are kept.</summary>
[InterpolatedStringHandler]
internal ref struct BrokenPromise
{
    private DefaultInterpolatedStringHandler _words;

    public BrokenPromise(int literalLength, int formattedCount, bool promise, out bool isBroken)
    {
        isBroken = !promise;
        _words = isBroken ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string words) => _words.AppendLiteral(words);

    public void AppendFormatted<T>(T value) => _words.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _words.AppendFormatted(value, format);

    /// <exception cref="SimulationException">The promise is broken.</exception>
    public static void Demand([DoesNotReturnIf(false)] bool promise, [InterpolatedStringHandlerArgument(nameof(promise))] ref BrokenPromise words)
    {
        if (!promise)
        {
            throw new SimulationException(words._words.ToStringAndClear());
        }
    }
}
