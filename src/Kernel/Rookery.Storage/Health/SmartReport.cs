// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text.Json;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Reads what <c>smartctl --json -i -H -A</c> says of an ATA, SCSI or NVMe disk (smartmontools 7). What is not there, or of another kind than expected, is not known.</summary>
internal static class SmartReport
{
    private const int Reallocated = 5, Pending = 197, Uncorrectable = 198;

    /// <param name="json">The report.</param>
    /// <param name="device">The device it is about.</param>
    /// <param name="at">When it was made.</param>
    /// <returns><c>null</c> when it is no report of a disk.</returns>
    public static DiskHealth? Parse(string json, string device, WallTime at)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (SaysItSleeps(root))
            {
                return new DiskHealth { At = at, Device = device, Sleeps = true };
            }

            // Without the disk's name smartctl could not ask it: no right to, or nothing there.
            return (Text(root, "model_name") ?? Text(root, "scsi_model_name")) is { } model ? Read(root, model, device, at) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DiskHealth Read(JsonElement root, string model, string device, WallTime at)
    {
        JsonElement nvme = Member(root, "nvme_smart_health_information_log");
        return new DiskHealth
        {
            At = at,
            Device = device,
            Model = model,
            Serial = Text(root, "serial_number"),
            Passed = Member(Member(root, "smart_status"), "passed") is { ValueKind: JsonValueKind.True or JsonValueKind.False } passed ? passed.GetBoolean() : null,
            TemperatureCelsius = Number(Member(root, "temperature"), "current"),
            HottestCelsius = Number(Member(root, "nvme_composite_temperature_threshold"), "warning") ?? Number(Member(root, "temperature"), "op_limit_max"),
            PowerOnHours = Number(Member(root, "power_on_time"), "hours"),
            ReallocatedSectors = Attribute(root, Reallocated) ?? Number(root, "scsi_grown_defect_list"),
            PendingSectors = Attribute(root, Pending),
            UncorrectableErrors = Attribute(root, Uncorrectable) ?? Number(nvme, "media_errors"),
            WearPercent = (int?)Number(nvme, "percentage_used"),
        };
    }

    /// <summary>With <c>-n standby</c> a disk that sleeps is not asked, which is told by a message only.</summary>
    private static bool SaysItSleeps(JsonElement root) =>
        Member(Member(root, "smartctl"), "messages") is { ValueKind: JsonValueKind.Array } messages
        && messages.EnumerateArray().Any(message => Text(message, "string") is { } words && (words.Contains("STANDBY", StringComparison.Ordinal) || words.Contains("SLEEP", StringComparison.Ordinal)));

    private static long? Attribute(JsonElement root, int id)
    {
        if (Member(Member(root, "ata_smart_attributes"), "table") is not { ValueKind: JsonValueKind.Array } table)
        {
            return null;
        }

        foreach (JsonElement row in table.EnumerateArray())
        {
            if (Number(row, "id") == id)
            {
                // Makers put other things into the upper bytes of the raw value; the text begins with the count.
                string? text = Text(Member(row, "raw"), "string");
                int end = text is null ? -1 : text.AsSpan().IndexOfAnyExceptInRange('0', '9');
                return long.TryParse(end < 0 ? text : text![..end], NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : Number(Member(row, "raw"), "value");
            }
        }

        return null;
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Number(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : null;
}
