// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Rookery.Media;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Everything that crosses the API as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SetupState))]
[JsonSerializable(typeof(SetupInput))]
[JsonSerializable(typeof(SessionUser))]
[JsonSerializable(typeof(LoginInput))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(CameraInput))]
[JsonSerializable(typeof(CameraPatch))]
[JsonSerializable(typeof(CameraView))]
[JsonSerializable(typeof(CameraList))]
[JsonSerializable(typeof(CameraTestInput))]
[JsonSerializable(typeof(CameraTestResult))]
[JsonSerializable(typeof(CameraStates))]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(ExportView))]
[JsonSerializable(typeof(RetentionClassList))]
[JsonSerializable(typeof(RetentionClassInput))]
[JsonSerializable(typeof(RetentionClassView))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(HoldInput))]
[JsonSerializable(typeof(HoldPatch))]
[JsonSerializable(typeof(HoldView))]
[JsonSerializable(typeof(StorageView))]
[JsonSerializable(typeof(NewDiskInput))]
[JsonSerializable(typeof(NewDiskView))]
[JsonSerializable(typeof(ChangePreviewInput))]
[JsonSerializable(typeof(ChangePreview))]
[JsonSerializable(typeof(SystemView))]
[JsonSerializable(typeof(ProblemDetails))]
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
        options.Converters.Add(new CamelCaseEnum<ChannelPhase>());
        options.Converters.Add(new CamelCaseEnum<Codec>());
        options.Converters.Add(new CamelCaseEnum<DiagnosisStep>());
        options.Converters.Add(new CamelCaseEnum<DiskActivity>());
        options.Converters.Add(new CamelCaseEnum<DiskPlaceKind>());
        options.Converters.Add(new CamelCaseEnum<DiskState>());
        options.Converters.Add(new CamelCaseEnum<FillState>());
        options.Converters.Add(new CamelCaseEnum<GapCause>());
        options.Converters.Add(new CamelCaseEnum<MediaTransport>());
        options.Converters.Add(new CamelCaseEnum<PoolChangeKind>());
        options.Converters.Add(new CamelCaseEnum<RecordingMode>());
    }
}
