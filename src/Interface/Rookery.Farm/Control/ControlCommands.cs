// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rookery.Farm.Control;

/// <summary>Carries out the orders of the control channel.</summary>
internal static class ControlCommands
{
    /// <returns>Status code and body of the answer.</returns>
    public static (int Status, string Body) Run(FarmServer farm, ControlRequest request)
    {
        if (request.Camera is { } number && (number < 1 || number > farm.CameraCount))
        {
            return (404, $"There are cameras 1 to {farm.CameraCount}.\n");
        }

        IEnumerable<int> cameras = request.Camera is { } one ? [one] : Enumerable.Range(1, farm.CameraCount);
        if (request.Method == "GET" && request.Verb.Length == 0)
        {
            return (200, Describe(cameras.Select(farm.Status)));
        }

        if (request.Method != "POST" || Find(farm, request) is not { } action)
        {
            return (400, "stall|hang|offline|mute[?seconds=S], drop, resume, drift?ppm=P, clock?seconds=S, clip?index=I, resolution?size=WxH\n");
        }

        foreach (int camera in cameras)
        {
            if (!action(camera))
            {
                return (409, $"Camera {camera} has no such clip.\n");
            }
        }

        return (200, "ok\n");
    }

    /// <summary>What a verb does to one camera; <c>null</c> when verb or value make no sense.</summary>
    private static Func<int, bool>? Find(FarmServer farm, ControlRequest request)
    {
        bool hasSeconds = request.TrySeconds(out TimeSpan? seconds);
        return request.Verb switch
        {
            "stall" when hasSeconds => Do(camera => farm.Stall(camera, seconds)),
            "hang" when hasSeconds => Do(camera => farm.Hang(camera, seconds)),
            "offline" when hasSeconds => Do(camera => farm.TakeOffline(camera, seconds)),
            "mute" when hasSeconds => Do(camera => farm.Mute(camera, seconds)),
            "drop" => Do(farm.Drop),
            "resume" => Do(farm.Resume),
            "drift" when request.TryDecimal(out double ppm) && Math.Abs(ppm) <= 100_000 => Do(camera => farm.SetDrift(camera, ppm)),
            "clock" when hasSeconds && seconds is { } offset => Do(camera => farm.SetClockOffset(camera, offset)),
            "clip" when int.TryParse(request.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int index) => camera => farm.TryShowClip(camera, index),
            "resolution" when request.Value is { } size => camera => farm.TryShowSize(camera, size),
            _ => null,
        };

        static Func<int, bool> Do(Action<int> action) => camera =>
        {
            action(camera);
            return true;
        };
    }

    private static string Describe(IEnumerable<CameraStatus> cameras)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (CameraStatus camera in cameras)
            {
                json.WriteStartObject();
                json.WriteNumber("camera", camera.Number);
                json.WriteString("clip", camera.Clip);
                json.WriteString("fault", camera.Fault.ToString());
                json.WriteNumber("clients", camera.Clients);
                json.WriteNumber("driftPpm", camera.DriftPpm);
                json.WriteNumber("unitsSent", camera.UnitsSent);
                json.WriteNumber("unitsDropped", camera.UnitsDropped);
                json.WriteNumber("bytesSent", camera.BytesSent);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
