// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Bench;
using Rookery.Bench.Ingest;
using Rookery.Bench.Live;
using Rookery.Bench.Parity;
using Rookery.Bench.Scale;
using Rookery.Bench.Timeline;

// One verb per measurement; bench/NAME/run calls it, and the rival, in turns.
return args switch
{
    ["crc", .. string[] rest] => CrcBench.Run(rest),
    ["timeline", .. string[] rest] => TimelineBench.Run(rest),
    ["ingest", .. string[] rest] => await IngestBench.RunAsync(rest),
    ["index-memory", .. string[] rest] => IndexMemoryBench.Run(rest),
    ["export", .. string[] rest] => await ExportBench.RunAsync(rest),
    ["live", .. string[] rest] => await LiveBench.RunAsync(rest),
    ["read-seek", .. string[] rest] => await ReadSeekBench.RunAsync(rest),
    ["recovery", .. string[] rest] => await RecoveryBench.RunAsync(rest),
    ["rebuild", .. string[] rest] => await RebuildBench.RunAsync(rest),
    ["store-files", .. string[] rest] => StoreFilesBench.Run(rest),
    ["store-latency", .. string[] rest] => await StoreLatencyBench.RunAsync(rest),
    ["parity", .. string[] rest] => ParityBench.Run(rest),
    ["store-write", .. string[] rest] => await StoreWriteBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Rookery.Bench crc|export|index-memory|ingest|live|parity|read-seek|rebuild|recovery|store-latency|store-write|timeline");
    return 2;
}
