// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Bench.Ingest;

/// <summary>What is measured.</summary>
/// <param name="Rookery">Path of the program under test.</param>
/// <param name="Folder">Where both write: the same disk. Emptied afterwards.</param>
internal sealed record IngestOptions(string Rookery, string Folder)
{
    public int Cameras { get; private init; } = 50;

    /// <summary>Of one camera with its sound.</summary>
    public string BitRate { get; private init; } = "4.2M";

    public int Rounds { get; private init; } = 3;

    /// <summary>How long one measurement lasts, once everything records.</summary>
    public TimeSpan Measure { get; private init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it settles before: connections are made, and the run time has compiled what is used often for the second time.</summary>
    public TimeSpan Settle { get; private init; } = TimeSpan.FromSeconds(60);

    public bool WithRival { get; private init; } = true;

    public static IngestOptions Parse(string[] args)
    {
        if (args is not [string rookery, string folder, .. string[] rest])
        {
            throw new ArgumentException("ingest PROGRAM FOLDER [--cameras N] [--bitrate R] [--rounds N] [--seconds S] [--settle S] [--no-rival]");
        }

        IngestOptions options = new(rookery, folder);
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--no-rival")
            {
                options = options with { WithRival = false };
                continue;
            }

            string value = i + 1 < rest.Length ? rest[i + 1] : throw new ArgumentException($"{rest[i]} wants a value.");
            options = rest[i++] switch
            {
                "--cameras" => options with { Cameras = int.Parse(value, CultureInfo.InvariantCulture) },
                "--bitrate" => options with { BitRate = value },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Measure = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
                "--settle" => options with { Settle = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
                _ => throw new ArgumentException($"{rest[i - 1]} is not known."),
            };
        }

        return options;
    }
}
