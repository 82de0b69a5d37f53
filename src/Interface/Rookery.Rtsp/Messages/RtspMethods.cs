// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>Method names of RFC 2326 §10. They are compared as they are: methods are case-sensitive.</summary>
public static class RtspMethods
{
    public const string Announce = "ANNOUNCE";
    public const string Describe = "DESCRIBE";
    public const string GetParameter = "GET_PARAMETER";
    public const string Options = "OPTIONS";
    public const string Pause = "PAUSE";
    public const string Play = "PLAY";
    public const string Record = "RECORD";
    public const string Redirect = "REDIRECT";
    public const string Setup = "SETUP";
    public const string SetParameter = "SET_PARAMETER";
    public const string Teardown = "TEARDOWN";
}
