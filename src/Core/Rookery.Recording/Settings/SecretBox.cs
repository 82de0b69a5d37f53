// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;
using System.Text;

namespace Rookery.Recording;

/// <summary>
/// Seals short secrets (camera passwords) with AES-256-GCM under the key file of the data directory, so that a copy of the settings without
/// the key file gives nothing away. Each is bound to its owner: sealed bytes moved to another row do not open.
/// </summary>
/// <remarks>Sealed form: version (1 byte, 1), nonce (12, random), tag (16), ciphertext.</remarks>
internal sealed class SecretBox(byte[] key)
{
    public const int KeyBytes = 32;

    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;

    public byte[] Seal(string secret, string owner)
    {
        byte[] plain = Encoding.UTF8.GetBytes(secret);
        byte[] sealedBytes = new byte[HeaderBytes + plain.Length];
        sealedBytes[0] = Version;
        Span<byte> nonce = sealedBytes.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = new(key, TagBytes);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(HeaderBytes), sealedBytes.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(owner));
        return sealedBytes;
    }

    /// <returns><c>null</c> when the bytes were not sealed by this key for this owner.</returns>
    public string? Open(ReadOnlySpan<byte> sealedBytes, string owner)
    {
        if (sealedBytes.Length < HeaderBytes || sealedBytes[0] != Version)
        {
            return null;
        }

        byte[] plain = new byte[sealedBytes.Length - HeaderBytes];
        try
        {
            using AesGcm cipher = new(key, TagBytes);
            cipher.Decrypt(sealedBytes.Slice(1, NonceBytes), sealedBytes[HeaderBytes..], sealedBytes.Slice(1 + NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(owner));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
