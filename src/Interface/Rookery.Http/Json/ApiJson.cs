// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rookery.Http;

/// <summary>Everything that crosses the API as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SetupState))]
[JsonSerializable(typeof(SetupInput))]
[JsonSerializable(typeof(SessionUser))]
[JsonSerializable(typeof(LoginInput))]
[JsonSerializable(typeof(Health))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Unknown and missing members are refused: a misspelt setting must not look as if it had been taken.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new WallTimeConverter());
    }
}
