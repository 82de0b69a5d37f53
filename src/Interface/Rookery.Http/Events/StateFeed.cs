// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Microsoft.Extensions.Options;
using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>The states of all cameras as one JSON text, made at most once a second however many listen. Safe for any thread.</summary>
internal sealed class StateFeed(CameraRegistry cameras, Recorder recorder, TimeProvider clock, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(900);

    private readonly Lock _lock = new();
    private MonotonicTime? _madeAt;

    /// <summary>The text, and a number that changes with it.</summary>
    private (byte[] Text, long Version) _made = ([], 0);

    public (byte[] Text, long Version) Current()
    {
        lock (_lock)
        {
            MonotonicTime now = MonotonicTime.Now(clock);
            if (_madeAt is { } madeAt && now - madeAt < Interval)
            {
                return _made;
            }

            _madeAt = now;
            CameraStates states = new([.. cameras.List().Select(camera =>
                new CameraStateItem(camera.Id.ToString(), CameraStateView.Of(recorder.Find(camera.Id)?.Snapshot())))]);
            byte[] text = JsonSerializer.SerializeToUtf8Bytes(states, json.Value.SerializerOptions.GetTypeInfo(typeof(CameraStates)));
            if (!text.AsSpan().SequenceEqual(_made.Text))
            {
                _made = (text, _made.Version + 1);
            }

            return _made;
        }
    }
}

internal sealed record CameraStates(IReadOnlyList<CameraStateItem> Items);

internal sealed record CameraStateItem(string Id, CameraStateView State);
