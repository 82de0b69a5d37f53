// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Bench;

// One verb per measurement; bench/NAME/run calls it, and the rival, in turns.
return args switch
{
    ["crc", .. string[] rest] => CrcBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Rookery.Bench crc");
    return 2;
}
