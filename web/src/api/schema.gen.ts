// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Generated from docs/ref/openapi.json by `npm run types`.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        CameraCounts: {
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            recording: number;
        };
        CameraInput: {
            name: string;
            url: string;
            user?: null | string;
            password?: null | string;
            transport?: components["schemas"]["MediaTransport"];
            recording?: components["schemas"]["RecordingMode"];
            /** Format: int32 */
            retentionDays?: null | number;
            /** Format: int32 */
            retentionClass?: null | number;
        };
        CameraList: {
            items: components["schemas"]["CameraView"][];
        };
        CameraPatch: {
            name?: null | string;
            url?: null | string;
            user?: null | string;
            password?: null | string;
            transport?: null | components["schemas"]["MediaTransport"];
            recording?: null | components["schemas"]["RecordingMode"];
            /** Format: int32 */
            retentionDays?: null | number;
            /** Format: int32 */
            retentionClass?: null | number;
        };
        CameraReachView: {
            id: string;
            /** Format: int32 */
            retentionClass: number;
            oldest: null | components["schemas"]["WallTime"];
            /** Format: double */
            days: null | number;
        };
        CameraStateView: {
            phase: components["schemas"]["ChannelPhase"];
            recording: boolean;
            /** Format: double */
            bitrate: number;
            /** Format: double */
            frameRate: number;
            codec: null | components["schemas"]["Codec"];
            /** Format: int32 */
            width: number;
            /** Format: int32 */
            height: number;
            audioCodec: null | components["schemas"]["Codec"];
            mimeType: null | string;
            /** Format: double */
            driftPpm: null | number;
            lastError: null | components["schemas"]["ErrorView"];
            durableUntil: null | components["schemas"]["WallTime"];
            /** Format: int32 */
            viewers: number;
        };
        CameraTestInput: {
            url: string;
            user?: null | string;
            password?: null | string;
            transport?: components["schemas"]["MediaTransport"];
            cameraId?: null | string;
        };
        CameraTestResult: {
            ok: boolean;
            step: components["schemas"]["DiagnosisStep"];
            message: string;
            advice: string;
            tracks: components["schemas"]["TestedTrack"][];
        };
        CameraView: {
            id: string;
            name: string;
            url: string;
            user: null | string;
            hasPassword: boolean;
            transport: components["schemas"]["MediaTransport"];
            recording: components["schemas"]["RecordingMode"];
            /** Format: int32 */
            retentionDays: null | number;
            /** Format: int32 */
            retentionClass: null | number;
            removed: boolean;
            state: components["schemas"]["CameraStateView"];
        };
        ChangePreview: {
            refusal: null | string;
            /** Format: int64 */
            bytesToMove: number;
            /** Format: double */
            moveSeconds: null | number;
            /** Format: int64 */
            withoutRoomBytes: number;
            /** Format: int64 */
            lostBytes: number;
            /** Format: int64 */
            footageRoomBefore: number;
            /** Format: int64 */
            footageRoomAfter: number;
            /** Format: double */
            daysLost: null | number;
            classes: components["schemas"]["ClassChangeView"][];
            place: null | components["schemas"]["DiskPlaceView"];
        };
        ChangePreviewInput: {
            change: components["schemas"]["PoolChangeKind"];
            /** Format: int32 */
            disk?: null | number;
            new?: null | components["schemas"]["NewDiskInput"];
        };
        /** @enum {unknown} */
        ChannelPhase: "disabled" | "connecting" | "streaming" | "stalled" | "failed";
        ClassChangeView: {
            /** Format: int32 */
            id: number;
            name: string;
            /** Format: double */
            maximumDays: null | number;
            layoutBefore: string;
            layoutAfter: string;
            /** Format: int32 */
            bearsNow: null | number;
            /** Format: int32 */
            bearsDuring: null | number;
            /** Format: int32 */
            bearsAfter: null | number;
            /** Format: double */
            daysBefore: null | number;
            /** Format: double */
            daysAfter: null | number;
        };
        /** @enum {unknown} */
        Codec: "h264" | "h265" | "jpeg" | "aac" | "pcmu" | "pcma" | "opus" | "onvifMetadata";
        /** @enum {unknown} */
        DiagnosisStep: "address" | "connect" | "rtsp" | "authorize" | "describe" | "setup" | "play" | "media";
        /** @enum {unknown} */
        DiskActivity: "active" | "idle" | "standby";
        DiskHealthView: {
            at: components["schemas"]["WallTime"];
            device: string;
            model: null | string;
            serial: null | string;
            passed: null | boolean;
            /** Format: double */
            temperatureCelsius: null | number;
            /** Format: double */
            hottestCelsius: null | number;
            /** Format: int64 */
            powerOnHours: null | number;
            /** Format: int64 */
            reallocatedSectors: null | number;
            /** Format: int64 */
            pendingSectors: null | number;
            /** Format: int64 */
            uncorrectableErrors: null | number;
            /** Format: int32 */
            wearPercent: null | number;
            sleeps: boolean;
            warnings: string[];
        };
        /** @enum {unknown} */
        DiskPlaceKind: "newFile" | "file" | "device";
        DiskPlaceView: {
            path: string;
            kind: components["schemas"]["DiskPlaceKind"];
            /** Format: int64 */
            bytes: number;
            fileSystem: null | string;
            sharesWith: string[];
        };
        /** @enum {unknown} */
        DiskState: "online" | "suspect" | "failed" | "draining" | "missing" | "removed";
        DiskView: {
            /** Format: int32 */
            number: number;
            name: string;
            state: components["schemas"]["DiskState"];
            spare: boolean;
            slow: boolean;
            doesNotAnswer: boolean;
            activity: components["schemas"]["DiskActivity"];
            /** Format: int64 */
            capacityBytes: number;
            /** Format: int64 */
            freeBytes: number;
            /** Format: int64 */
            liveBytes: number;
            /** Format: int64 */
            onlyHereBytes: number;
            /** Format: int64 */
            writtenBytes: number;
            /** Format: int64 */
            errors: number;
            /** Format: double */
            medianCommitMs: number;
            /** Format: double */
            p99CommitMs: number;
            /** Format: double */
            longestCommitMs: number;
            commitHistogram: number[];
            health: null | components["schemas"]["DiskHealthView"];
        };
        ErrorView: {
            at: components["schemas"]["WallTime"];
            message: string;
        };
        ExportView: {
            fileName: string;
            /** Format: int64 */
            bytes: number;
            /** Format: double */
            durationSeconds: number;
            start: components["schemas"]["WallTime"];
            end: components["schemas"]["WallTime"];
            codec: components["schemas"]["Codec"];
            audioCodec: null | components["schemas"]["Codec"];
            /** Format: int32 */
            gaps: number;
        };
        /** @enum {unknown} */
        FillState: "unknown" | "filling" | "balanced" | "full";
        ForecastView: {
            state: components["schemas"]["FillState"];
            /** Format: double */
            fullInDays: null | number;
            /** Format: double */
            roomBytesPerSecond: null | number;
        };
        /** @enum {unknown} */
        GapCause: "unknown" | "cameraOffline" | "cameraStalled" | "cameraRefused" | "network" | "overload" | "storageFailed" | "recorderFailed" | "recorderStopped" | "policyOff" | "badStream";
        GapView: {
            start: components["schemas"]["WallTime"];
            end: components["schemas"]["WallTime"];
            cause: components["schemas"]["GapCause"];
        };
        HeldRangeView: {
            id: string;
            case: string;
            start: components["schemas"]["WallTime"];
            end: components["schemas"]["WallTime"];
        };
        HoldInput: {
            case: string;
            cameras: string[];
            from: components["schemas"]["WallTime"];
            to: components["schemas"]["WallTime"];
            /** Format: date-time */
            until?: null | string;
            /** @default  */
            note: string;
        };
        HoldList: {
            items: components["schemas"]["HoldView"][];
            /** Format: int64 */
            heldBytes: number;
            /** Format: int64 */
            capacityBytes: number;
            /** Format: int64 */
            quotaBytes: number;
            /** Format: double */
            fullInDays: null | number;
            estimate: boolean;
            warning: null | string;
        };
        HoldPatch: {
            case?: null | string;
            note?: null | string;
            until?: null | components["schemas"]["WallTime"];
        };
        HoldView: {
            id: string;
            case: string;
            cameras: string[];
            from: components["schemas"]["WallTime"];
            to: components["schemas"]["WallTime"];
            until: null | components["schemas"]["WallTime"];
            by: string;
            made: components["schemas"]["WallTime"];
            note: string;
            active: boolean;
        };
        LoginInput: {
            user: string;
            password: string;
        };
        /**
         * @default auto
         * @enum {unknown}
         */
        MediaTransport: "auto" | "tcp" | "udp";
        NewDiskInput: {
            path: string;
            /** Format: int64 */
            sizeBytes?: null | number;
        };
        NewDiskView: {
            /** Format: int32 */
            number: number;
        };
        /** @enum {unknown} */
        PoolChangeKind: "add" | "drain" | "useAgain" | "remove" | "replace" | "spare" | "useSpare";
        ProblemDetails: {
            type?: null | string;
            title?: null | string;
            /** Format: int32 */
            status?: null | number;
            detail?: null | string;
            instance?: null | string;
        };
        RebuildView: {
            /** Format: int32 */
            columns: number;
            /** Format: int64 */
            bytesLeft: number;
            /** Format: int64 */
            columnsDone: number;
            /** Format: int32 */
            withoutTarget: number;
            /** Format: double */
            secondsLeft: null | number;
        };
        /** @enum {unknown} */
        RecordingMode: "off" | "continuous";
        RetentionClassInput: {
            name: string;
            /** Format: int32 */
            minimumDays?: null | number;
            /** Format: int32 */
            maximumDays?: null | number;
            /** Format: int64 */
            maximumBytes?: null | number;
            /**
             * Format: int32
             * @default 50
             */
            priority: number;
            layout?: null | string;
        };
        RetentionClassList: {
            items: components["schemas"]["RetentionClassView"][];
        };
        RetentionClassView: {
            /** Format: int32 */
            id: number;
            builtIn: boolean;
            name: string;
            /** Format: double */
            minimumDays: null | number;
            /** Format: double */
            maximumDays: null | number;
            /** Format: int64 */
            maximumBytes: null | number;
            /** Format: int32 */
            priority: number;
            layout: null | string;
            /** Format: int32 */
            cameras: number;
        };
        ScrubView: {
            /** Format: int32 */
            chunksDone: number;
            /** Format: int32 */
            chunks: number;
            fast: boolean;
            /** Format: double */
            secondsLeft: null | number;
            completed: null | components["schemas"]["WallTime"];
            /** Format: int64 */
            damagedColumns: number;
        };
        SessionUser: {
            user: null | string;
        };
        SetupInput: {
            token: string;
            user: string;
            password: string;
        };
        SetupState: {
            required: boolean;
        };
        StorageClassView: {
            /** Format: int32 */
            id: number;
            name: string;
            layout: string;
            layoutNow: string;
            /** Format: int32 */
            bears: null | number;
            /** Format: int32 */
            chunks: number;
            /** Format: int64 */
            footageBytes: number;
            /** Format: int64 */
            roomBytes: number;
            /** Format: double */
            roomBytesPerSecond: null | number;
            oldest: null | components["schemas"]["WallTime"];
            /** Format: double */
            reachedDays: null | number;
            /** Format: double */
            expectedDays: null | number;
            /** Format: double */
            minimumDays: null | number;
            /** Format: double */
            maximumDays: null | number;
        };
        StorageView: {
            at: components["schemas"]["WallTime"];
            /** Format: int64 */
            capacityBytes: number;
            /** Format: int64 */
            freeBytes: number;
            /** Format: int64 */
            footageRoomBytes: number;
            /** Format: int64 */
            footageBytes: number;
            /** Format: int64 */
            heldBytes: number;
            layout: string;
            /** Format: int32 */
            bears: null | number;
            /** Format: int32 */
            degradedChunks: number;
            /** Format: int32 */
            unreadableChunks: number;
            /** Format: int32 */
            recoveringChunks: number;
            loading: boolean;
            fault: null | string;
            warnings: string[];
            disks: components["schemas"]["DiskView"][];
            commitLimitsMs: number[];
            classes: components["schemas"]["StorageClassView"][];
            forecast: components["schemas"]["ForecastView"];
            rebuild: components["schemas"]["RebuildView"];
            scrub: components["schemas"]["ScrubView"];
            cameras: components["schemas"]["CameraReachView"][];
        };
        StoreView: {
            /** Format: int64 */
            capacityBytes: number;
            /** Format: int64 */
            freeBytes: number;
            oldest: null | components["schemas"]["WallTime"];
            /** Format: int64 */
            writtenBytes: number;
            /** Format: int64 */
            committedFrames: number;
            /** Format: int64 */
            meanFrameBytes: number;
            /** Format: double */
            bytesPerSecond: number;
            /** Format: double */
            lastCommitMs: number;
            /** Format: double */
            longestCommitMs: number;
            /** Format: double */
            medianCommitMs: number;
            /** Format: double */
            p99CommitMs: number;
            /** Format: double */
            recentLongestCommitMs: number;
            /** Format: double */
            medianArrivalToDurableMs: number;
            /** Format: double */
            p99ArrivalToDurableMs: number;
            /** Format: double */
            longestArrivalToDurableMs: number;
            /** Format: int64 */
            droppedSamples: number;
            /** Format: int32 */
            recoveringChunks: number;
            fault: null | string;
            warnings: string[];
        };
        SystemView: {
            version: string;
            startedAt: components["schemas"]["WallTime"];
            now: components["schemas"]["WallTime"];
            timeZone: string;
            store: components["schemas"]["StoreView"];
            cameras: components["schemas"]["CameraCounts"];
        };
        TestedTrack: {
            codec: components["schemas"]["Codec"];
            /** Format: int32 */
            width: number;
            /** Format: int32 */
            height: number;
            /** Format: double */
            frameRate: number;
            /** Format: int32 */
            sampleRate: number;
            /** Format: int32 */
            channels: number;
        };
        TimelineView: {
            from: components["schemas"]["WallTime"];
            to: components["schemas"]["WallTime"];
            /** Format: double */
            resolution: number;
            spans: [
                components["schemas"]["WallTime"],
                components["schemas"]["WallTime"]
            ][];
            gaps: components["schemas"]["GapView"][];
            holds: components["schemas"]["HeldRangeView"][];
        };
        /** Format: date-time */
        WallTime: string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
