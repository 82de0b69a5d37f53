// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;

namespace Rookery.Rtsp.Tests.Client;

public sealed class ConversationTests
{
    public static TheoryData<string> Files
    {
        get
        {
            TheoryData<string> files = [];
            foreach (string file in Directory.EnumerateFiles(Folder(), "*.txt").Order(StringComparer.Ordinal))
            {
                files.Add(Path.GetFileNameWithoutExtension(file));
            }

            return files;
        }
    }

    /// <summary>Goal: the session copes with each oddity, wherever the network cuts the bytes. Method: the conversation is played whole, in pieces, and byte by byte.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_conversation_goes_as_written(string file)
    {
        foreach (int pieceBytes in (int[])[int.MaxValue / 2, 1, 2, 7, 50])
        {
            new ScriptedServer(Path.Combine(Folder(), file + ".txt"), pieceBytes).Run();
        }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../testdata/rtsp");
}
