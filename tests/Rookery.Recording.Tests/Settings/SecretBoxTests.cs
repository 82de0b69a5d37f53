// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;

namespace Rookery.Recording.Tests;

public sealed class SecretBoxTests
{
    private static readonly byte[] Key = SHA256.HashData("a key"u8);

    [Fact]
    public void A_sealed_secret_opens_for_its_owner_and_key_alone()
    {
        SecretBox box = new(Key);
        byte[] sealedBytes = box.Seal("pässword 1", "camera/1");
        box.Open(sealedBytes, "camera/1").ShouldBe("pässword 1");
        box.Open(sealedBytes, "camera/2").ShouldBeNull();
        new SecretBox(SHA256.HashData("another key"u8)).Open(sealedBytes, "camera/1").ShouldBeNull();
    }

    [Fact]
    public void The_same_secret_is_never_sealed_the_same_way_twice()
    {
        SecretBox box = new(Key);
        box.Seal("x", "camera/1").ShouldNotBe(box.Seal("x", "camera/1"));
    }

    /// <summary>The invalid neighbours: each bit flipped, each length cut, one byte more.</summary>
    [Fact]
    public void Any_change_of_the_sealed_bytes_opens_nothing()
    {
        SecretBox box = new(Key);
        byte[] sealedBytes = box.Seal("secret", "camera/1");
        for (int bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            byte[] flipped = [.. sealedBytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            box.Open(flipped, "camera/1").ShouldBeNull();
        }

        for (int length = 0; length < sealedBytes.Length; length++)
        {
            box.Open(sealedBytes.AsSpan(0, length), "camera/1").ShouldBeNull();
        }

        box.Open([.. sealedBytes, 0], "camera/1").ShouldBeNull();
    }
}
