// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Rookery.Http;

/// <summary>What part of a file a request asks for (RFC 9110 §14).</summary>
/// <param name="Status">200, 206, 304 or 416.</param>
/// <param name="OffsetBytes">First byte.</param>
/// <param name="LengthBytes">How many.</param>
internal readonly record struct ByteRange(int Status, long OffsetBytes, long LengthBytes)
{
    /// <summary>Reads the conditions of a request. More than one range is answered with the whole file, as the RFC allows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fileBytes">Length of the file, at least 1.</param>
    /// <param name="etag">The file's strong validator.</param>
    public static ByteRange Read(HttpRequest request, long fileBytes, EntityTagHeaderValue etag)
    {
        RequestHeaders headers = request.GetTypedHeaders();
        ByteRange whole = new(StatusCodes.Status200OK, 0, fileBytes);
        if (headers.IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(etag, useStrongComparison: false)))
        {
            return new ByteRange(StatusCodes.Status304NotModified, 0, 0);
        }

        bool isStale = headers.IfRange is { } condition && (condition.EntityTag is null || !condition.EntityTag.Compare(etag, useStrongComparison: true));
        // For other methods than GET a range has no meaning (§14.2).
        if (isStale || !HttpMethods.IsGet(request.Method) || headers.Range is not { } asked || asked.Unit != "bytes" || asked.Ranges.Count != 1)
        {
            return whole;
        }

        RangeItemHeaderValue range = asked.Ranges.First();
        long from = range.From ?? Math.Max(0, fileBytes - (range.To ?? 0));
        long to = range.From is null ? fileBytes - 1 : Math.Min(range.To ?? (fileBytes - 1), fileBytes - 1);
        return from >= fileBytes || to < from
            ? new ByteRange(StatusCodes.Status416RangeNotSatisfiable, 0, 0)
            : new ByteRange(StatusCodes.Status206PartialContent, from, to - from + 1);
    }
}
