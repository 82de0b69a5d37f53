// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Recording;

namespace Rookery.Http;

/// <summary>Reads a camera's address as people paste it, user name and password before the host included.</summary>
internal static class CameraAddress
{
    private const int MaximumUrlLength = 2048;
    private const int MaximumCredentialLength = 256;

    /// <exception cref="CameraRefusedException">It is no address of a camera; the message says why, without the password.</exception>
    public static CameraSource Read(string url, string? user, string? password, MediaTransport transport)
    {
        if (url.Length > MaximumUrlLength || !Uri.TryCreate(url.Trim(), UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("rtsp" or "rtsps") || parsed.Host.Length == 0)
        {
            throw new CameraRefusedException("A camera's address looks like rtsp://192.0.2.10:554/stream1 (or rtsps:// for an encrypted one).");
        }

        if (parsed.UserInfo.Length > 0)
        {
            string[] parts = parsed.UserInfo.Split(':', 2);
            user = string.IsNullOrEmpty(user) ? Uri.UnescapeDataString(parts[0]) : user;
            password = string.IsNullOrEmpty(password) && parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : password;
            parsed = new UriBuilder(parsed) { UserName = "", Password = "" }.Uri;
        }

        if (user?.Length > MaximumCredentialLength || password?.Length > MaximumCredentialLength)
        {
            throw new CameraRefusedException($"User name and password of a camera have at most {MaximumCredentialLength} characters each.");
        }

        return new CameraSource(parsed, string.IsNullOrEmpty(user) ? null : user, string.IsNullOrEmpty(password) ? null : password, transport);
    }
}
