// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Turns what can go wrong into one sentence and an exit code. What is no known failure is a defect and shows its trace.</summary>
internal static class Failures
{
    public static async Task<int> CatchAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UsageException wrong)
        {
            return Tell(wrong.Message, ExitCode.Usage);
        }
        catch (Exception failed) when (failed is SettingsException or DeviceException or StoreException or FormatException)
        {
            return Tell(failed.Message, ExitCode.Storage);
        }
        catch (ApiException refused)
        {
            return Tell(refused.Message, ExitCode.Failed);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return Tell($"{taken.Message} Another program listens there: stop it, or choose another port with --listen.", ExitCode.Address);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Tell(failed.Message, ExitCode.Failed);
        }
        catch (System.Net.Sockets.SocketException failed)
        {
            return Tell($"The address cannot be had: {failed.Message}. Choose another with --listen.", ExitCode.Address);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
    }

    private static int Tell(string message, int code)
    {
        Console.Error.WriteLine($"rookery: {message}");
        return code;
    }
}
