// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Server;

/// <summary>Turns the first SIGTERM or SIGINT into a cancellation, so that the program ends in order. A second one ends it at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations = [Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGINT)];

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _asked.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        if (!_asked.IsCancellationRequested)
        {
            context.Cancel = true;
            _asked.Cancel();
        }
    });
}
