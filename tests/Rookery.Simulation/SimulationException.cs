// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>The product broke a promise, or the simulator is wrong. The message says which promise, and about what.</summary>
public sealed class SimulationException : Exception
{
    public SimulationException()
    {
    }

    public SimulationException(string message)
        : base(message)
    {
    }

    public SimulationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
