// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Extensions.Logging;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>
/// Writes to the log when a camera begins to be recorded and when it stops being, and when the store has a fault and when it is over. Looks once a second at what the API would show, so
/// that log and page never tell different stories.
/// </summary>
internal sealed partial class RecordingLog(Recorder recorder, IVideoStore store, TimeProvider clock, ILogger<RecordingLog> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A camera that has just been added or started with is given this long before its silence is told.</summary>
    private const int BeatsOfGrace = 10;

    private readonly Dictionary<ulong, Told> _told = [];
    private string? _fault;

    /// <param name="IsRecording">What was said of it last.</param>
    /// <param name="Error">The reason that was given.</param>
    /// <param name="Beats">Looks since it was seen first.</param>
    /// <param name="Notes">Those of the session that were written.</param>
    private readonly record struct Told(bool? IsRecording, string? Error, int Beats, IReadOnlyList<string>? Notes);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Interval, clock);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // The recorder stops.
        }
    }

    /// <summary>One look at everything.</summary>
    internal void Look()
    {
        IReadOnlyList<ChannelRecorder> channels = recorder.Channels;
        foreach (ChannelRecorder channel in channels)
        {
            Look(channel);
        }

        if (_told.Count > channels.Count)
        {
            HashSet<ulong> present = [.. channels.Select(channel => channel.Camera.Id.Value)];
            foreach (ulong gone in _told.Keys.Where(id => !present.Contains(id)).ToArray())
            {
                _told.Remove(gone);
            }
        }

        LookAtStore(store.Status.Fault);
    }

    private void Look(ChannelRecorder channel)
    {
        Camera camera = channel.Camera;
        ChannelState state = channel.Snapshot();
        Told told = _told.GetValueOrDefault(camera.Id.Value);
        TellNotes(camera, state.Notes, told.Notes);
        // A session that has nothing to remark yet does not make the next ones repeat what was told.
        IReadOnlyList<string>? notes = state.Notes.Count > 0 ? state.Notes : told.Notes;
        if (camera.Recording == RecordingMode.Off)
        {
            _told[camera.Id.Value] = default(Told) with { Notes = notes };
        }
        else if (state.IsRecording)
        {
            if (told.IsRecording != true)
            {
                LogRecords(camera.Id, camera.Name);
            }

            _told[camera.Id.Value] = new Told(true, null, BeatsOfGrace, notes);
        }
        else if (told.IsRecording is null && told.Beats < BeatsOfGrace && state.LastError is null)
        {
            _told[camera.Id.Value] = told with { Beats = told.Beats + 1, Notes = notes };
        }
        else
        {
            string reason = state.LastError?.Message ?? "nothing became durable";
            if (told.IsRecording != false || told.Error != reason)
            {
                LogDoesNotRecord(camera.Id, camera.Name, reason);
            }

            _told[camera.Id.Value] = new Told(false, reason, BeatsOfGrace, notes);
        }
    }

    /// <summary>Each note once a session; a camera that is asked again and again says the same each time, which is not repeated.</summary>
    private void TellNotes(Camera camera, IReadOnlyList<string> notes, IReadOnlyList<string>? told)
    {
        if (ReferenceEquals(notes, told))
        {
            return;
        }

        foreach (string note in notes)
        {
            if (told?.Contains(note) != true)
            {
                LogNote(camera.Id, camera.Name, note);
            }
        }
    }

    private void LookAtStore(string? fault)
    {
        if (fault == _fault)
        {
            return;
        }

        _fault = fault;
        if (fault is null)
        {
            LogStoreWell();
        }
        else
        {
            LogStoreFault(fault);
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Camera {Id} ({Name}) is recorded")]
    private partial void LogRecords(ChannelId id, string name);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "Camera {Id} ({Name}) is not recorded: {Reason}")]
    private partial void LogDoesNotRecord(ChannelId id, string name, string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Error, Message = "The video store has a fault: {Fault}")]
    private partial void LogStoreFault(string fault);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "The video store works again")]
    private partial void LogStoreWell();

    [LoggerMessage(EventId = 4005, Level = LogLevel.Information, Message = "Camera {Id} ({Name}): {Note}")]
    private partial void LogNote(ChannelId id, string name, string note);
}
