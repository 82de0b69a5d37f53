// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type {
  Camera,
  CameraInput,
  CameraPatch,
  ChangePreview,
  ChangePreviewInput,
  ExportPreview,
  Hold,
  HoldInput,
  HoldList,
  Iso,
  NewDiskInput,
  RetentionClass,
  RetentionClassInput,
  Storage,
  SystemState,
  TestRequest,
  TestResult,
  TimelineAnswer,
} from './types';

const root = '/api/v1';

/** A refusal of the server (problem details, RFC 9457), or status 0 when no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** A path under the API as an address, with a query where undefined values are left out. */
export function address(path: string, query: Call['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? root + path : `${root}${path}?${text}`;
}

async function refusal(answer: Response): Promise<ApiError> {
  try {
    const problem = (await answer.json()) as { title?: string; detail?: string };
    const title = problem.title ?? answer.statusText;
    return new ApiError(answer.status, title, problem.detail ?? title);
  } catch {
    // A proxy in between may answer with a page of its own.
    return new ApiError(answer.status, answer.statusText, `HTTP ${answer.status} ${answer.statusText}`.trim());
  }
}

async function call<T>(path: string, { method = 'GET', query, body, signal }: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  // A form on another site cannot set a header of its own, so the server takes its presence as ours.
  if (method !== 'GET') headers['X-Rookery-Csrf'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(address(path, query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', '');
  }
  if (!answer.ok) throw await refusal(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

const camera = (id: string) => `/cameras/${encodeURIComponent(id)}`;

export const api = {
  setupRequired: () => call<{ required: boolean }>('/setup'),
  setup: (token: string, user: string, password: string) =>
    call<{ user: string }>('/setup', { method: 'POST', body: { token, user, password } }),
  session: () => call<{ user: string | null }>('/session'),
  login: (user: string, password: string) =>
    call<{ user: string }>('/session', { method: 'POST', body: { user, password } }),
  logout: () => call<void>('/session', { method: 'DELETE' }),

  cameras: (signal?: AbortSignal) =>
    call<{ items: Camera[] }>('/cameras', { query: { removed: true }, signal }).then((answer) => answer.items),
  addCamera: (input: CameraInput) => call<Camera>('/cameras', { method: 'POST', body: input }),
  changeCamera: (id: string, input: CameraPatch) => call<Camera>(camera(id), { method: 'PATCH', body: input }),
  removeCamera: (id: string) => call<void>(camera(id), { method: 'DELETE' }),
  testCamera: (request: TestRequest, signal?: AbortSignal) =>
    call<TestResult>('/cameras/test', { method: 'POST', body: request, signal }),

  timeline: (id: string, from: Iso, to: Iso, resolution: number, signal?: AbortSignal) =>
    call<TimelineAnswer>(`${camera(id)}/timeline`, { query: { from, to, resolution }, signal }),
  exportPreview: (id: string, from: Iso, to: Iso, audio: boolean, signal?: AbortSignal) =>
    call<ExportPreview>(`${camera(id)}/export`, { query: { from, to, audio }, signal }),
  retentionClasses: (signal?: AbortSignal) =>
    call<{ items: RetentionClass[] }>('/retention-classes', { signal }).then((answer) => answer.items),
  putRetentionClass: (id: number, input: RetentionClassInput) =>
    call<RetentionClass>(`/retention-classes/${id}`, { method: 'PUT', body: input }),
  removeRetentionClass: (id: number) => call<void>(`/retention-classes/${id}`, { method: 'DELETE' }),
  holds: (signal?: AbortSignal) => call<HoldList>('/holds', { signal }),
  addHold: (input: HoldInput) => call<Hold>('/holds', { method: 'POST', body: input }),
  releaseHold: (id: string) => call<void>(`/holds/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  system: (signal?: AbortSignal) => call<SystemState>('/system', { signal }),

  storage: (signal?: AbortSignal) => call<Storage>('/storage', { signal }),
  previewStorage: (input: ChangePreviewInput, signal?: AbortSignal) =>
    call<ChangePreview>('/storage/preview', { method: 'POST', body: input, signal }),
  /** Adds a disk, or changes one; `comes` is the new disk where one comes. */
  changeStorage: (
    change: ChangePreviewInput['change'],
    disk: number | undefined,
    comes: NewDiskInput | undefined,
    acceptLoss: boolean,
  ) => {
    const verb = change === 'useAgain' ? 'use-again' : change === 'useSpare' ? 'use-spare' : change;
    return change === 'add'
      ? call<void>('/storage/disks', { method: 'POST', body: comes })
      : call<void>(`/storage/disks/${disk}/${verb}`, {
          method: 'POST',
          body: comes,
          query: change === 'remove' && acceptLoss ? { acceptLoss } : {},
        });
  },
  startScrub: () => call<void>('/storage/scrub', { method: 'POST' }),
  stopScrub: () => call<void>('/storage/scrub', { method: 'DELETE' }),
};

/** Addresses that the browser itself opens (media, pictures, downloads). */
export const links = {
  events: () => address('/events'),
  live: (id: string) => {
    const url = new URL(address(`${camera(id)}/live`), window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
  playback: (id: string, from: Iso, to: Iso) => address(`${camera(id)}/playback.m3u8`, { from, to }),
  exportFile: (id: string, from: Iso, to: Iso, audio: boolean) =>
    address(`${camera(id)}/export.mp4`, { from, to, audio }),
  snapshot: (id: string, at: Iso | 'live', width: number) => address(`${camera(id)}/snapshot.jpg`, { at, width }),
};
