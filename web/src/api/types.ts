// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The shapes of /api/v1 as this page uses them. Times are RFC 3339 UTC texts with up to microseconds.

export type Iso = string;

export type Transport = 'auto' | 'tcp' | 'udp';
export type RecordingMode = 'continuous' | 'off';
export type Phase = 'disabled' | 'connecting' | 'streaming' | 'stalled' | 'failed';

export interface CameraState {
  phase: Phase;
  /** Bytes became durable in the last 3 seconds. */
  recording: boolean;
  /** bit/s */
  bitrate: number;
  frameRate: number;
  codec: string | null;
  width: number;
  height: number;
  audioCodec: string | null;
  /** What Media Source must support to show it live; null until the camera has told its format. */
  mimeType: string | null;
  driftPpm: number | null;
  lastError: { at: Iso; message: string } | null;
  durableUntil: Iso | null;
  viewers: number;
}

export interface Camera {
  id: string;
  name: string;
  url: string;
  user: string | null;
  hasPassword: boolean;
  transport: Transport;
  recording: RecordingMode;
  retentionDays: number | null;
  removed: boolean;
  state: CameraState;
}

export interface CameraInput {
  name: string;
  url: string;
  user?: string | null;
  /** Left out: the stored one stays. */
  password?: string;
  transport: Transport;
  recording: RecordingMode;
  retentionDays: number | null;
}

export const testSteps = ['address', 'connect', 'rtsp', 'authorize', 'describe', 'setup', 'play', 'media'] as const;
export type TestStep = (typeof testSteps)[number];

export interface TestRequest {
  url: string;
  user?: string | null;
  password?: string;
  transport: Transport;
  /** Its stored password is used when none is given. */
  cameraId?: string;
}

export interface TestTrack {
  codec: string;
  width?: number | null;
  height?: number | null;
  frameRate?: number | null;
  sampleRate?: number | null;
  channels?: number | null;
}

export interface TestResult {
  ok: boolean;
  /** The step that failed, or the last one when all went well. */
  step: TestStep;
  message: string;
  advice: string | null;
  tracks: TestTrack[];
}

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
] as const;
export type GapCause = (typeof gapCauses)[number];

export interface TimelineAnswer {
  from: Iso;
  to: Iso;
  resolution: number;
  spans: [Iso, Iso][];
  gaps: { start: Iso; end: Iso; cause: GapCause }[];
}

export interface ExportPreview {
  fileName: string;
  bytes: number;
  durationSeconds: number;
  start: Iso;
  end: Iso;
  codec: string;
  audioCodec: string | null;
  gaps: number;
}

export interface StoreState {
  capacityBytes: number;
  freeBytes: number;
  oldest: Iso | null;
  writtenBytes: number;
  bytesPerSecond: number;
  lastCommitMs: number;
  longestCommitMs: number;
  droppedSamples: number;
  recoveringChunks: number;
  fault: string | null;
}

export interface SystemState {
  version: string;
  startedAt: Iso;
  now: Iso;
  timeZone?: string | null;
  store: StoreState;
  cameras: { total: number; recording: number };
}
