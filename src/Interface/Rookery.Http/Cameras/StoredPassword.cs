// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Recording;

namespace Rookery.Http;

/// <summary>
/// Where a stored camera password may be sent: to the host and port it was entered for, and not without the encryption, or the check of the camera's certificate, it was entered with.
/// Otherwise anybody who may edit cameras could read every password, by sending it to a machine of their own.
/// </summary>
internal static class StoredPassword
{
    public const string Refusal =
        "The stored password is only sent to the host and port it was entered for, with the same encryption and check of its certificate. Enter the camera's password again for the new address.";

    /// <param name="stored">The camera as it is.</param>
    /// <param name="url">Where the password would go.</param>
    public static bool MayGoTo(this CameraSource stored, Uri url) =>
        string.Equals(stored.Url.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase)
        && PortOf(stored.Url) == PortOf(url)
        && (!IsTls(stored.Url) || IsTls(url))
        && (!IsVerified(stored.Url) || IsVerified(url));

    private static bool IsTls(Uri url) => url.Scheme.Equals("rtsps", StringComparison.OrdinalIgnoreCase);

    /// <summary>Any other certificate than the camera's is refused.</summary>
    private static bool IsVerified(Uri url) => IsTls(url) && !url.Fragment.Equals("#insecure", StringComparison.OrdinalIgnoreCase);

    // The registered ports of RTSP, which an address may leave out.
    private static int PortOf(Uri url) => url.Port > 0 ? url.Port : IsTls(url) ? 322 : 554;
}
