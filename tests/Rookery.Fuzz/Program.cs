// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Fuzz;

// Rookery.Fuzz [--seconds N] [--seed S] [target…]: N seconds for each target (default 5). Inputs that fail go to tests/testdata/fuzz/<target>/,
// where a unit test replays them for ever after. The last line is `N passed, N failed`, counting targets.
int seconds = 5;
int seed = 1;
List<string> names = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds):
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed):
            i++;
            break;
        case { } name when Targets.All.Any(target => target.Name == name):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is not understood. Targets: {string.Join(' ', Targets.All.Select(target => target.Name))}");
            return 2;
    }
}

int passed = 0;
int failed = 0;
foreach (FuzzTarget target in Targets.All.Where(target => names.Count == 0 || names.Contains(target.Name)))
{
    using Fuzzer fuzzer = new(target, seed);
    if (fuzzer.Run(TimeSpan.FromSeconds(seconds)))
    {
        passed++;
    }
    else
    {
        failed++;
    }
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
