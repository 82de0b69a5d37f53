// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Tells the operator how far the rebuild of a store's index has come: every tenth, of stores large enough for it to take time.</summary>
internal sealed class RebuildReport(string disk, Action<string> say) : IProgress<RebuildProgress>
{
    private const int WorthTelling = 100;

    private int _toldTenths;

    public void Report(RebuildProgress value)
    {
        int tenths = value.TotalZones < WorthTelling ? 0 : (int)(10L * value.DoneZones / value.TotalZones);
        if (tenths > _toldTenths)
        {
            _toldTenths = tenths;
            say($"Reading the index of {disk} anew: {tenths * 10} % of {value.TotalZones} zones. Recording goes on meanwhile.");
        }
    }
}
