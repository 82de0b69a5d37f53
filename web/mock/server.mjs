// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// A recorder made of paper: serves the contract of /api/v1 with invented cameras and video that really plays, so that
// the page can be built and looked at without one. Usage: npm run mock [-- --port 8099] [--setup] [--session].
// User "admin", password "rookery-mock". --setup starts without an administrator (token "mock"), --session logged in.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createCameras, scenes, told } from './cameras.mjs';
import { clip } from './clips.mjs';
import { gapsOf, recordedSince, timeline } from './history.mjs';
import { playlist, segment, snapshot } from './hls.mjs';
import { bytes, cookie, json, problem, readJson } from './http.mjs';
import { change, drop, live } from './live.mjs';
import { page } from './page.mjs';
import { play, preview, storage, scenes as storageScenes } from './storage.mjs';
import { testConnection } from './testConnection.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8099' },
    setup: { type: 'boolean', default: false },
    session: { type: 'boolean', default: false },
  },
});

const clips = Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [name, clip(scene)]));
const cameras = createCameras();
const startedAt = Date.now() - 3 * 86_400_000;
const administrator = { user: 'admin', password: 'rookery-mock' };
let setupRequired = options.setup;
const sessions = new Set();
const builtIn = { builtIn: true, name: '', minimumDays: null, maximumBytes: null, priority: 50, layout: null };
const retentionClasses = [
  { ...builtIn, id: 0, maximumDays: null, cameras: 13 },
  { ...builtIn, id: 30, maximumDays: 30, cameras: 7 },
  {
    ...builtIn,
    id: 200,
    builtIn: false,
    name: 'Entrances',
    minimumDays: 30,
    maximumDays: 90,
    priority: 80,
    cameras: 0,
  },
];
const holds = [
  {
    id: '20261120-091500',
    case: 'A-17',
    cameras: ['1', '2'],
    from: new Date(Date.now() - 9_000_000).toISOString(),
    to: new Date(Date.now() - 5_400_000).toISOString(),
    until: null,
    by: 'admin',
    made: new Date(Date.now() - 3_600_000).toISOString(),
    note: 'Gate was forced',
    active: true,
  },
];

const tell = (camera) => told(camera, clips[camera.scene], Date.now());
const find = (id) => cameras.find((camera) => camera.id === id);
const signIn = () => {
  const id = Math.random().toString(36).slice(2);
  sessions.add(id);
  return { 'Set-Cookie': `rookery_session=${id}; HttpOnly; SameSite=Strict; Path=/` };
};
const signedIn = (request) => options.session || sessions.has(cookie(request, 'rookery_session'));

function system() {
  const used = cameras.filter((camera) => !camera.removed);
  return {
    version: '0.1.0-mock',
    startedAt: new Date(startedAt).toISOString(),
    now: new Date().toISOString(),
    store: {
      capacityBytes: 8e12,
      freeBytes: 2.21e12,
      oldest: new Date(recordedSince).toISOString(),
      writtenBytes: 3.1e12,
      committedFrames: 369_000,
      meanFrameBytes: 8_400_000,
      bytesPerSecond: 8.4e6 + 3e5 * Math.sin(Date.now() / 7000),
      lastCommitMs: 41 + 6 * Math.sin(Date.now() / 3000),
      longestCommitMs: 212,
      medianCommitMs: 41,
      p99CommitMs: 96,
      recentLongestCommitMs: 130,
      medianArrivalToDurableMs: 338,
      p99ArrivalToDurableMs: 402,
      longestArrivalToDurableMs: 431,
      droppedSamples: 0,
      recoveringChunks: 0,
      fault: null,
      warnings: [],
    },
    cameras: { total: used.length, recording: used.filter((camera) => tell(camera).state.recording).length },
  };
}

function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const states = () =>
    send('cameras', {
      items: cameras.filter(({ removed }) => !removed).map((camera) => ({ id: camera.id, state: tell(camera).state })),
    });
  states();
  send('system', system());
  const timers = [setInterval(states, 1000), setInterval(() => send('system', system()), 5000)];
  request.on('close', () => timers.forEach(clearInterval));
}

function range(url, response) {
  const [from, to] = ['from', 'to'].map((name) => {
    const text = url.searchParams.get(name);
    return text === null ? undefined : Date.parse(text);
  });
  if (Number.isNaN(from) || Number.isNaN(to) || from === undefined || (to !== undefined && to <= from)) {
    problem(response, 400, 'Bad range', 'Give from and to as RFC 3339 times, from before to.');
    return undefined;
  }
  return { from, to };
}

const resources = {
  'GET setup': (_, response) => json(response, 200, { required: setupRequired }),
  'POST setup': async (request, response) => {
    const { token, user, password } = await readJson(request);
    if (!setupRequired) return problem(response, 409, 'Already set up');
    if (token !== 'mock') return problem(response, 403, 'Wrong token', 'This setup link is wrong or was used already.');
    Object.assign(administrator, { user, password });
    setupRequired = false;
    json(response, 201, { user }, signIn());
  },
  'GET session': (request, response) => json(response, 200, { user: signedIn(request) ? administrator.user : null }),
  'POST session': async (request, response) => {
    const { user, password } = await readJson(request);
    const right = user === administrator.user && password === administrator.password;
    if (!right) return problem(response, 401, 'Wrong user or password');
    json(response, 200, { user }, signIn());
  },
  'DELETE session': (request, response) => {
    sessions.delete(cookie(request, 'rookery_session'));
    options.session = false;
    response.writeHead(204).end();
  },
  'GET events': events,
  'GET system': (_, response) => json(response, 200, system()),
  'GET cameras': (_, response, url) => {
    const removed = url.searchParams.get('removed') === 'true';
    json(response, 200, { items: cameras.filter((camera) => removed || !camera.removed).map(tell) });
  },
  'POST cameras': async (request, response) => {
    const { password, ...input } = await readJson(request);
    const id = String(cameras.length + 1);
    const fixed = { id, seed: cameras.length + 1, scene: 'chart', removed: false, phase: 'connecting', viewers: 0 };
    const camera = { user: null, ...input, hasPassword: Boolean(password), ...fixed };
    cameras.push(camera);
    setTimeout(() => Object.assign(camera, { phase: 'streaming' }), 2000);
    json(response, 201, tell(camera));
  },
  'GET storage': (_, response) => json(response, 200, storage(cameras)),
  'POST storage/preview': async (request, response) => json(response, 200, preview(await readJson(request), cameras)),
  'GET retention-classes': (_, response) => json(response, 200, { items: retentionClasses }),
  'GET holds': (_, response) =>
    json(response, 200, {
      items: holds,
      heldBytes: holds.length * 4.1e10,
      capacityBytes: 8e12,
      quotaBytes: 2e12,
      fullInDays: null,
      estimate: false,
      warning: null,
    }),
  'POST holds': async (request, response) => {
    const now = new Date().toISOString();
    const hold = { until: null, note: '', ...(await readJson(request)), id: now, by: 'admin', made: now, active: true };
    holds.push(hold);
    json(response, 201, hold);
  },
  'POST cameras/test': async (request, response) => {
    const answer = testConnection(await readJson(request));
    setTimeout(() => json(response, 200, answer), 700);
  },
};

/** Classes and holds by name: `retention-classes/200`, `holds/ID`. */
async function retention(request, response, kind, id) {
  const list = kind === 'holds' ? holds : retentionClasses;
  const at = list.findIndex((item) => String(item.id) === id);
  if (request.method === 'DELETE') {
    if (at < 0) return problem(response, 404, 'Not found');
    list.splice(at, 1);
    response.writeHead(204).end();
    return;
  }
  const input = await readJson(request);
  if (kind === 'retention-classes') {
    const item = { minimumDays: null, maximumDays: null, maximumBytes: null, priority: 50, layout: null, ...input };
    Object.assign(item, { id: Number(id), builtIn: false, cameras: 0 });
    list.splice(at < 0 ? list.length : at, at < 0 ? 0 : 1, item);
    return json(response, 200, item);
  }
  if (at < 0) return problem(response, 404, 'Not found');
  json(response, 200, Object.assign(list[at], input));
}

const cameraResources = {
  'GET ': (_, response, __, camera) => json(response, 200, tell(camera)),
  'PATCH ': async (request, response, _, camera) => {
    const { password, ...input } = await readJson(request);
    Object.assign(camera, input, password === undefined ? {} : { hasPassword: password !== '' });
    json(response, 200, tell(camera));
  },
  'DELETE ': (_, response, __, camera) => {
    Object.assign(camera, { removed: true, phase: 'disabled' });
    response.writeHead(204).end();
  },
  'GET timeline': (_, response, url, camera) => {
    const wish = range(url, response);
    if (!wish) return;
    const resolution = Number(url.searchParams.get('resolution') ?? 1);
    const end = Date.now() - (camera.phase === 'streaming' ? 400 : 95_000);
    const { spans, gaps } = timeline(camera.seed, wish.from, wish.to, resolution, end);
    const time = (ms) => new Date(ms).toISOString();
    json(response, 200, {
      from: time(wish.from),
      to: time(wish.to),
      resolution,
      spans: spans.map((span) => span.map(time)),
      gaps: gaps.map(({ start, end, cause }) => ({ start: time(start), end: time(end), cause })),
      holds: holds
        .filter((hold) => hold.cameras.includes(camera.id))
        .map(({ id, case: name, from, to }) => ({ id, case: name, start: from, end: to })),
    });
  },
  'GET playback.m3u8': (_, response, url, camera) => {
    const wish = range(url, response);
    if (!wish) return;
    const text = playlist(camera, wish.from, wish.to, Date.now());
    if (text === undefined) return problem(response, 404, 'Nothing recorded', 'Nothing is recorded in this range.');
    bytes(response, 'application/vnd.apple.mpegurl', Buffer.from(text), { 'Cache-Control': 'no-store' });
  },
  'GET export': (_, response, url, camera) => {
    const wish = range(url, response);
    if (!wish) return;
    const { spans } = timeline(camera.seed, wish.from, wish.to, 0, Date.now());
    if (spans.length === 0) return problem(response, 404, 'Nothing recorded', 'Nothing is recorded in this range.');
    const durationSeconds = spans.reduce((sum, [start, end]) => sum + (end - start) / 1000, 0);
    json(response, 200, {
      fileName: `${camera.name.replace(/\W+/g, '-')}-${new Date(wish.from).toISOString().slice(0, 19).replace(/:/g, '')}Z.mp4`,
      bytes: Math.round(durationSeconds * 525_000),
      durationSeconds,
      start: new Date(spans[0][0]).toISOString(),
      end: new Date(spans.at(-1)[1]).toISOString(),
      codec: clips[camera.scene].codec,
      audioCodec: url.searchParams.get('audio') === 'false' ? null : 'aac',
      gaps: spans.length - 1,
    });
  },
  'GET export.mp4': (_, response, url, camera) => {
    const wish = range(url, response);
    if (!wish) return;
    // Only the first 16 s: enough to see that the download works.
    const scene = clips[camera.scene];
    const groups = Array.from({ length: 8 }, (__, i) => segment(scene, i));
    bytes(response, 'video/mp4', Buffer.concat([scene.init, ...groups]), {
      'Content-Disposition': 'attachment; filename="mock.mp4"',
    });
  },
  'GET snapshot.jpg': (_, response, url, camera) => {
    const at = url.searchParams.get('at');
    const ms = at === 'live' ? Date.now() : Date.parse(at);
    const missing =
      Number.isNaN(ms) ||
      ms < recordedSince ||
      ms > Date.now() ||
      gapsOf(camera.seed, Date.now()).some((gap) => ms >= gap.start && ms < gap.end);
    if (missing) return problem(response, 404, 'Nothing recorded', 'Nothing is recorded at this instant.');
    setTimeout(() => bytes(response, 'image/jpeg', snapshot(clips[camera.scene], ms)), 60);
  },
};

// POST /mock/drop cuts every live connection, /mock/change gives the viewers another format: for trials only.
function upset(response, what) {
  if (what === 'drop') drop();
  else if (what === 'change') change(clips.cells);
  else if (storageScenes.includes(what.replace('storage-', ''))) play(what.replace('storage-', ''));
  else return problem(response, 404, 'Not found');
  response.writeHead(204).end();
}

const open = new Set(['GET setup', 'POST setup', 'GET session', 'POST session']);

async function answer(request, response) {
  const url = new URL(request.url, 'http://mock');
  const parts = url.pathname.split('/').filter(Boolean);
  if (parts[0] === 'mock') return upset(response, parts[1]);
  if (parts[0] !== 'api' || parts[1] !== 'v1') return page(response, url.pathname);
  const name = `${request.method} ${parts.slice(2).join('/')}`;
  if (!open.has(name) && !signedIn(request)) return problem(response, 401, 'Not signed in');
  if (request.method !== 'GET' && !request.headers['x-rookery-csrf'])
    return problem(response, 403, 'CSRF header missing');
  if (resources[name]) return resources[name](request, response, url);

  // Changes of disks are taken and forgotten.
  if (parts[2] === 'storage')
    return parts[3] === 'disks' && parts.length === 4
      ? json(response, 201, { number: 4 })
      : response.writeHead(204).end();
  if (['holds', 'retention-classes'].includes(parts[2])) return retention(request, response, parts[2], parts[3]);
  const camera = parts[2] === 'cameras' ? find(parts[3]) : undefined;
  if (!camera) return problem(response, 404, 'Not found');
  if (parts[4] === 'segments') {
    const scene = clips[camera.scene];
    const body = parts[5] === 'init.mp4' ? scene.init : segment(scene, Number.parseInt(parts[5], 10));
    return bytes(response, 'video/mp4', body, { 'Cache-Control': 'max-age=3600' });
  }
  const resource = cameraResources[`${request.method} ${parts[4] ?? ''}`];
  return resource ? resource(request, response, url, camera) : problem(response, 404, 'Not found');
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => problem(response, 400, 'Bad request', error.message));
});
server.on('upgrade', (request, socket, head) => {
  const match = /^\/api\/v1\/cameras\/([^/]+)\/live/.exec(request.url);
  const camera = match && find(match[1]);
  if (!camera || !signedIn(request)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  else live(request, socket, head, camera, clips[camera.scene]);
});
server.listen(Number(options.port), '127.0.0.1', () => {
  console.log(`mock recorder on http://127.0.0.1:${server.address().port} (admin / rookery-mock)`);
});
