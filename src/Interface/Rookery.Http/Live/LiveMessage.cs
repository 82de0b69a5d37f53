// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json.Serialization;
using Rookery.Media;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>A text message of the live WebSocket: <c>init</c> before each initialization segment, <c>state</c> while no pictures come.</summary>
internal sealed record LiveMessage(string Type)
{
    public string? MimeType { get; init; }
    public Codec? Codec { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public ChannelPhase? Phase { get; init; }
    public string? Message { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCaseEnum<Codec>), typeof(CamelCaseEnum<ChannelPhase>)])]
[JsonSerializable(typeof(LiveMessage))]
internal sealed partial class LiveJson : JsonSerializerContext;
