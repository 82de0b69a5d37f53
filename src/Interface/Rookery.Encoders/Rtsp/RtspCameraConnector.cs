// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Encoders;

/// <summary>Opens sessions with RTSP cameras. Safe for any thread. Disposing ends all sessions.</summary>
/// <param name="pool">Where access units are put.</param>
/// <param name="clock">The system's clock.</param>
/// <param name="options">Times and limits; <c>null</c> for <see cref="RtspConnectorOptions.Default"/>.</param>
public sealed class RtspCameraConnector(BlockPool pool, TimeProvider clock, RtspConnectorOptions? options = null) : ICameraConnector, IDisposable
{
    private readonly RtspServices _services = new(new MediaPumps(clock), pool, clock, options ?? RtspConnectorOptions.Default);

    public ICameraSession Connect(CameraSource source, ISessionSink sink)
    {
        RtspCameraSession session = new(_services, source, sink);
        session.Begin();
        return session;
    }

    public Task<CameraDiagnosis> DiagnoseAsync(CameraSource source, CancellationToken cancellation) => new RtspDiagnosis(_services, source).RunAsync(cancellation);

    public void Dispose() => _services.Pumps.Dispose();
}
