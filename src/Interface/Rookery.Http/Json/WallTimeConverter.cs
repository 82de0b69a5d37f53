// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using System.Text.Json.Serialization;
using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>Wall time as RFC 3339 in UTC with microseconds.</summary>
internal sealed class WallTimeConverter : JsonConverter<WallTime>
{
    public override WallTime Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        ApiTime.TryParse(reader.GetString(), out WallTime time) ? time : throw new JsonException(ApiTime.Expected);

    public override void Write(Utf8JsonWriter writer, WallTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
