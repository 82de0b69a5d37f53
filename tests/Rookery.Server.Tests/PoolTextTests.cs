// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json.Nodes;

namespace Rookery.Server.Tests;

/// <summary>Goal: an operator on a terminal sees what matters, within 80 columns. The golden texts are what is printed.</summary>
public sealed class PoolTextTests
{
    private const string Storage = """
        {
          "fault": "The disk /mnt/c/video.disk (number 2) of the pool is missing. Recording goes on without it.",
          "warnings": ["/mnt/b/video.disk is at 57 °C; 55 °C is the most it should be. See to its cooling."],
          "layout": "2+1", "bears": 0, "footageBytes": 1100000000000, "footageRoomBytes": 2200000000000,
          "degradedChunks": 812, "unreadableChunks": 0,
          "forecast": { "state": "filling", "fullInDays": 12.34, "roomBytesPerSecond": 1000000 },
          "rebuild": { "columns": 812, "bytesLeft": 212000000000, "columnsDone": 3, "withoutTarget": 0, "secondsLeft": 7300 },
          "scrub": { "chunksDone": 1, "chunks": 2, "fast": false, "secondsLeft": null, "completed": null, "damagedColumns": 0 },
          "disks": [
            { "number": 0, "state": "online", "capacityBytes": 1099511627776, "freeBytes": 549755813888, "medianCommitMs": 12.4, "p99CommitMs": 88, "errors": 0, "name": "/mnt/a/video.disk",
              "health": { "temperatureCelsius": 38, "warnings": [] } },
            { "number": 2, "state": "missing", "capacityBytes": 1099511627776, "freeBytes": 0, "medianCommitMs": 0, "p99CommitMs": 0, "errors": 0, "name": "/mnt/c/video.disk", "health": null }
          ],
          "classes": [
            { "id": 0, "name": "", "layoutNow": "1+1", "roomBytesPerSecond": 1000000, "reachedDays": 10.02, "expectedDays": 22.4, "minimumDays": null, "maximumDays": null },
            { "id": 200, "name": "Entrances", "layoutNow": "1+1", "roomBytesPerSecond": null, "reachedDays": null, "expectedDays": null, "minimumDays": 30, "maximumDays": 90 }
          ]
        }
        """;

    [Fact]
    public void The_status_fits_eighty_columns() => PoolText.Status(JsonNode.Parse(Storage)!).ReplaceLineEndings("\n").ShouldBe(
        """
        FAULT: The disk /mnt/c/video.disk (number 2) of the pool is missing. Recording
          goes on without it.
        Warning: /mnt/b/video.disk is at 57 °C; 55 °C is the most it should be. See to
          its cooling.
        Layout      2+1: NO disk may fail now without loss
        Recordings  1 TiB of 2 TiB; full in 12.3 d
        Rebuild     197.4 GiB left, about 2 hours. 812 pieces of recordings lack a
          column, 0 of them cannot be read now.

        Disk State       Size    Free  Temp  Writes p50/p99  Errors Path
           0 online        1T    512G  38 C        12/88 ms       0 /mnt/a/video.disk
           2 missing       1T       0     -               -       0 /mnt/c/video.disk

        Class            Layout   Takes/day  Reached  Expected  Promised
        as there is room 1+1       80.5 GiB     10 d    22.4 d         -
        Entrances        1+1        unknown        -         -      30 d
        """.ReplaceLineEndings("\n"));

    [Fact]
    public void A_preview_tells_the_worst_in_words()
    {
        string text = PoolText.Preview(JsonNode.Parse("""
            {
              "refusal": null, "bytesToMove": 1099511627776, "moveSeconds": 100000, "withoutRoomBytes": 549755813888, "lostBytes": 1073741824,
              "footageRoomBefore": 2199023255552, "footageRoomAfter": 1099511627776, "daysLost": 5,
              "classes": [ { "id": 30, "name": "", "maximumDays": 30, "layoutBefore": "2+1", "layoutAfter": "1+1", "bearsNow": 1, "bearsDuring": 1, "bearsAfter": null, "daysBefore": 10, "daysAfter": 5 } ],
              "place": { "path": "/mnt/d/x", "kind": "newFile", "bytes": 1099511627776, "fileSystem": "/", "sharesWith": ["/mnt/a/video.disk"] }
            }
            """)!);
        text.Split('\n').ShouldAllBe(line => line.Length <= 80);
        text.ShouldContain("LOSS: 1 GiB");
        text.ShouldContain("at least 27.8 hours");
        text.ShouldContain("on the file system /.");
        text.ShouldContain("same device as /mnt/a/video.disk");
        text.ShouldContain("30 d: new recordings 2+1 -> 1+1");
        text.ShouldContain("now 1, meanwhile 1, then -");
        PoolText.Preview(JsonNode.Parse("""{ "refusal": "The last disk of a pool cannot be removed." }""")!).ShouldBe("Refused: The last disk of a pool cannot be removed.");
    }
}
