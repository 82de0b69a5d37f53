// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The shapes of /api/v1 under the names that this page uses. Times are RFC 3339 UTC texts with up to microseconds.

import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Iso = Schemas['WallTime'];
export type Transport = Schemas['MediaTransport'];
export type RecordingMode = Schemas['RecordingMode'];
export type Phase = Schemas['ChannelPhase'];
export type Codec = Schemas['Codec'];
export type GapCause = Schemas['GapCause'];
export type TestStep = Schemas['DiagnosisStep'];

export type Camera = Schemas['CameraView'];
/** `recording` in it: bytes became durable in the last 3 seconds. `bitrate` is in bit/s. */
export type CameraState = Schemas['CameraStateView'];
export type CameraInput = Schemas['CameraInput'];
/** What is left out stays as it is, what is null is taken away. */
export type CameraPatch = Schemas['CameraPatch'];
/** With `cameraId` and without a password, the stored one is used. */
export type TestRequest = Schemas['CameraTestInput'];
/** `step`: the one that failed, or the last one when all went well. */
export type TestResult = Schemas['CameraTestResult'];
export type TestTrack = Schemas['TestedTrack'];
export type TimelineAnswer = Schemas['TimelineView'];
export type ExportPreview = Schemas['ExportView'];
export type RetentionClass = Schemas['RetentionClassView'];
export type RetentionClassInput = Schemas['RetentionClassInput'];
export type Hold = Schemas['HoldView'];
export type HoldInput = Schemas['HoldInput'];
export type HoldList = Schemas['HoldList'];
export type Storage = Schemas['StorageView'];
export type Disk = Schemas['DiskView'];
export type StorageClass = Schemas['StorageClassView'];
export type NewDiskInput = Schemas['NewDiskInput'];
export type ChangePreviewInput = Schemas['ChangePreviewInput'];
export type ChangePreview = Schemas['ChangePreview'];
export type StoreState = Schemas['StoreView'];
export type SystemState = Schemas['SystemView'];

/** In the order in which a camera is asked. */
export const testSteps = [
  'address',
  'connect',
  'rtsp',
  'authorize',
  'describe',
  'setup',
  'play',
  'media',
] as const satisfies readonly TestStep[];

export const gapCauses = [
  'cameraOffline',
  'cameraStalled',
  'cameraRefused',
  'network',
  'overload',
  'storageFailed',
  'recorderFailed',
  'recorderStopped',
  'policyOff',
  'badStream',
  'unknown',
] as const satisfies readonly GapCause[];
