// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// How far the live pictures on the screen are behind: a real Chromium on the real page, for half a minute.
// Usage: node bench/live/page.mjs [--program out/bench/rookery/rookery] [--cameras 1] [--seconds 30] (after a publish with the page, and npm ci in web/).
// behind: end of the buffer minus the position of the element. delay: from the arrival of a picture's fragment in the page to the picture's presentation.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = new URL('../../', import.meta.url).pathname;
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
const { values } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'out/bench/rookery/rookery') },
    cameras: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '30' },
  },
});
const cameras = Number(values.cameras);
const folder = mkdtempSync(join(tmpdir(), 'rookery-live-'));
const children = [];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function start(ready, ...args) {
  const child = spawn(values.program, [...args, '--ready-file', ready], { stdio: 'ignore' });
  children.push(child);
  while (!existsSync(ready)) {
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`);
    await sleep(100);
  }
  return readFileSync(ready, 'utf8').trim().split('\n');
}

/** Runs in the page before anything of it: notes when each fragment arrives, and what the elements do. */
function watch() {
  const videos = new Map();
  window.watched = videos;
  const arrivals = [];
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      const mine = new Map();
      arrivals.push(mine);
      this.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const view = new DataView(data);
        // The first tfdt is the video's, in 1/90000 s; it stands behind mfhd (24 bytes with moof's head) and tfhd.
        for (let at = 0; at + 16 < Math.min(view.byteLength, 200); at++) {
          if (view.getUint32(at) === 0x74666474) {
            mine.set(Math.round(Number(view.getBigUint64(at + 8)) / 90), performance.now());
            break;
          }
        }
      });
    }
  };
  setInterval(() => {
    for (const video of document.querySelectorAll('video')) {
      if (!videos.has(video)) {
        const record = { behind: [], rate: [], delay: [], stalls: 0, seeks: 0, frames: 0 };
        videos.set(video, record);
        video.addEventListener('waiting', () => record.stalls++);
        video.addEventListener('seeking', () => record.seeks++);
        const onFrame = (now, { mediaTime, presentationTime }) => {
          record.frames++;
          const ms = Math.round(mediaTime * 1000);
          for (const mine of arrivals) {
            const arrived = mine.get(ms) ?? mine.get(ms - 1) ?? mine.get(ms + 1);
            // Media times of several cameras are alike: a delay can be told with one camera only.
            if (arrived !== undefined && arrivals.length === 1) record.delay.push(presentationTime - arrived);
          }
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
      }
      const record = videos.get(video);
      const { buffered } = video;
      if (buffered.length > 0) record.behind.push(buffered.end(buffered.length - 1) - video.currentTime);
      record.rate.push(video.playbackRate);
    }
  }, 100);
}

const quantile = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))];
const row = (numbers, factor = 1) =>
  [0, 0.5, 0.95, 1].map((share) => Math.round((quantile(numbers, share) ?? Number.NaN) * factor)).join(' / ');

try {
  const urls = await start(join(folder, 'farm'), 'farm', '--cameras', String(cameras), '--bitrate', '2M', '--size', '640x360', '--audio', 'aac', '--pictures', '1', '--port', '0');
  const password = 'bench-bench-bench';
  writeFileSync(join(folder, 'password'), password);
  const [address] = await start(join(folder, 'server'), 'serve', '--data', folder, '--disk', `${join(folder, 'disk')}:1G`, '--listen', '127.0.0.1:0',
    '--setup-user', 'bench', '--setup-password-file', join(folder, 'password'), '--log-level', 'warning');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watch);
    await page.goto(address);
    await page.evaluate(async ({ urls, password }) => {
      const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', 'X-Rookery-Csrf': '1' }, body: JSON.stringify(body) });
      await post('/api/v1/session', { user: 'bench', password });
      for (const [i, url] of urls.entries()) await post('/api/v1/cameras', { name: `camera ${i + 1}`, url, transport: 'tcp', recording: 'continuous' });
    }, { urls: urls.slice(0, cameras), password });
    await page.evaluate((layout) => localStorage.setItem('rookery.wall.layout', String(layout)), [1, 4, 9, 16].find((n) => n >= cameras));
    await page.goto(address);
    await page.waitForFunction(() => [...document.querySelectorAll('video')].some((video) => video.currentTime > 0), undefined, { timeout: 60_000 });
    for (const [what, seconds] of [['first 5 s', 5], [`${values.seconds} s after that`, Number(values.seconds)]]) {
      await page.evaluate(() => window.watched.forEach((r) => Object.assign(r, { behind: [], rate: [], delay: [], stalls: 0, seeks: 0, frames: 0 })));
      await sleep(seconds * 1000);
      const records = await page.evaluate(() => [...window.watched].filter(([video]) => video.isConnected).map(([, record]) => record));
      for (const r of records) {
        const share = (test) => Math.round((r.rate.filter(test).length / r.rate.length) * 100);
        console.log(`${what}: behind ms min/p50/p95/max ${row(r.behind, 1000)}; delay ms ${row(r.delay)}; ${r.frames} frames, ${r.stalls} stalls, ${r.seeks} jumps, faster ${share((rate) => rate > 1)} %, slower ${share((rate) => rate < 1)} % of the time`);
      }
    }
  } finally {
    await browser.close();
  }
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => child.exitCode ?? new Promise((done) => child.once('exit', done))));
  rmSync(folder, { recursive: true, force: true });
}
