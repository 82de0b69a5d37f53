// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Walks through the page as a person would, in a real Chromium against the mock, and says what did not go as expected.
// Usage: npm run walk (after npm run build). Needs a Chromium (CHROMIUM, or /usr/bin/chromium) and ffmpeg.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const mock = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname, '--port', '0', '--setup'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: mock.stdout }), 'line');
const origin = /http:\/\/\S+/.exec(line)[0];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'dark' });
page.setDefaultTimeout(10_000);
const complaints = [];
page.on('pageerror', (error) => complaints.push(String(error)));

let failed = 0;
async function check(what, action) {
  try {
    await action();
    console.log(`ok    ${what}`);
  } catch (error) {
    failed++;
    console.log(`FAILS ${what}\n      ${error.message.split('\n').slice(0, 3).join('\n      ')}`);
  }
}
const until = (condition, argument) => page.waitForFunction(condition, argument, { timeout: 10_000 });
const wall = () => page.locator('[data-at]').getAttribute('data-at').then(Date.parse);
const colour = (place) => place.evaluate((element) => getComputedStyle(element).color);
const expect = (condition, text) => {
  if (!condition) throw new Error(text);
};
/** The instant on screen comes to fulfil a condition. */
async function wallBecomes(condition, text) {
  for (let tries = 0; tries < 80; tries++) {
    if (condition(await wall())) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`${text}: ${new Date(await wall()).toISOString()}`);
}

await check('a page without an administrator tells where the link is', async () => {
  await page.goto(origin);
  await page.getByText('one-time setup link').waitFor();
});
await check('the setup link creates the administrator and leads to the wall', async () => {
  // Only the fragment differs from an earlier address: that alone would not load the page anew.
  await page.goto(`${origin}/setup#mock`);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await page.getByText('Use 10 to 256 characters').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('a good long one');
  await page.getByLabel('Password again').fill('a good long one');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await page.locator('[data-status="playing"]').first().waitFor();
});
await check('after signing out a wrong password is refused and the right one lets in', async () => {
  await page.getByRole('button', { name: /Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('User').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('a bad long one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('User or password is wrong').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('a good long one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-status="playing"]').first().waitFor();
});

await check('live pictures advance and stay within a second of now', async () => {
  await until(() => {
    const videos = [...document.querySelectorAll('[data-status="playing"] video')];
    return videos.length === 4 && videos.every((video) => video.currentTime > 2);
  });
  await until(() =>
    [...document.querySelectorAll('video')].every(
      (video) => video.buffered.end(video.buffered.length - 1) - video.currentTime < 0.8,
    ),
  );
});
await check('a broken connection comes back by itself', async () => {
  await fetch(`${origin}/mock/drop`, { method: 'POST' });
  await page.locator('[data-camera="1"][data-status="connecting"]').waitFor();
  await page.locator('[data-camera="1"][data-status="playing"]').waitFor();
});
await check('a new format in mid-stream plays on', async () => {
  await fetch(`${origin}/mock/change`, { method: 'POST' });
  await until(() => document.querySelector('[data-camera="1"] video')?.videoWidth === 640);
  await page.locator('[data-camera="1"][data-status="playing"]').waitFor();
});
await check('keys choose the layout, and what this browser cannot play says so', async () => {
  await page.keyboard.press('9');
  await page.locator('[data-camera="5"][data-status="unsupported"]').waitFor();
  await page.locator('[data-camera="6"]').getByText('Offline').waitFor();
  expect((await page.locator('figure').count()) === 9, 'nine tiles');
});
await check('pages of the wall turn by key', async () => {
  await page.keyboard.press('4');
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-camera="8"]').waitFor();
});

await check('a camera is tested, added, and removed with a warning', async () => {
  await page.getByRole('link', { name: 'Cameras' }).click();
  await page.getByRole('button', { name: 'Add camera' }).click();
  await page.getByLabel('Name').fill('Stairs');
  await page.getByLabel('Address').fill('rtsp://me:secret@192.168.7.60/authorize');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.locator('[data-test-result="false"]').getByText('refuses this user').waitFor();
  expect(
    (await page.getByLabel('Address').inputValue()) === 'rtsp://192.168.7.60/authorize',
    'credentials left the address',
  );
  await page.getByLabel('Address').fill('rtsp://192.168.7.60/ok');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.locator('[data-test-result="true"]').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Add camera' }).click();
  await page.getByText('Stairs', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Remove Stairs' }).click();
  await page.getByText('What is already recorded stays').waitFor();
  await page.getByRole('button', { name: 'Remove camera' }).click();
  await page.getByText('Stairs', { exact: true }).waitFor({ state: 'detached' });
});

await check('a camera that streams and lost something just now says so, here and among the faults', async () => {
  const loss = page.locator('tr', { hasText: 'Yard' }).getByText('37 packets were dropped');
  expect((await colour(loss)) !== (await colour(page.locator('tr', { hasText: 'Yard' }))), 'in a colour of its own');
  await page.getByRole('link', { name: 'System' }).click();
  await page.locator('li', { hasText: 'Yard' }).getByText('37 packets were dropped').waitFor();
  await page.getByText('338 ms (at most 431)').waitFor();
  await page.getByRole('link', { name: 'Cameras' }).click();
});

await check('playback begins near now and the clock runs', async () => {
  await page.getByRole('link', { name: 'Recordings of Gate north' }).click();
  await until(() => document.querySelector('video')?.currentTime > 0 && document.querySelector('[data-at]'));
  const first = await wall();
  expect(Math.abs(Date.now() - first) < 120_000, 'begins near now');
  await wallBecomes((at) => at > first + 1000, 'the clock stands');
});
await check('a click on the timeline plays from there', async () => {
  const box = await page.locator('[role="slider"] canvas').boundingBox();
  await page.mouse.click(box.x + box.width * 0.6, box.y + 45);
  const wished = Date.now() - 30_000 - 0.2 * 86_400_000;
  await wallBecomes((at) => Math.abs(at - wished) < 5 * 60_000, 'not where the click was');
  const there = await wall();
  await wallBecomes((at) => at > there + 1000, 'does not play there');
});
await check('a jump to another hour by key goes on playing, and a paused one shows its picture', async () => {
  const from = await wall();
  await page.keyboard.press('PageUp');
  await wallBecomes((at) => at < from - 1000, 'did not jump');
  const there = await wall();
  await wallBecomes((at) => at > there + 1000, 'stands after the jump');
  await page.locator('[role="slider"]').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('PageDown');
  await page.locator('[data-status="ready"]').waitFor();
  expect(await page.locator('video').evaluate((video) => video.paused), 'is still paused');
  await page.keyboard.press('Space');
  await wallBecomes((at) => at > there + 1000, 'plays on');
  // Back to where the next checks begin: well inside a span.
  const box = await page.locator('[role="slider"] canvas').boundingBox();
  await page.mouse.click(box.x + box.width * 0.6, box.y + 45);
  await page.locator('[data-status="ready"]').waitFor();
});
await check('four times the speed is four times the speed', async () => {
  await page.getByLabel('Speed').selectOption('4');
  const [before, begun] = [await wall(), Date.now()];
  await page.waitForTimeout(2000);
  const speed = ((await wall()) - before) / (Date.now() - begun);
  expect(speed > 2.5 && speed < 5.5, `speed ${speed}`);
  await page.getByLabel('Speed').selectOption('1');
});
await check('pause stops the clock and a step moves it by a frame', async () => {
  await page.locator('[role="slider"]').focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(300);
  const at = await wall();
  await page.keyboard.press('.');
  await wallBecomes((next) => next - at > 20 && next - at < 80, 'not a frame');
  const ahead = await wall();
  await page.keyboard.press('ArrowLeft');
  await wallBecomes((next) => Math.abs(ahead - 10_000 - next) < 100, 'not ten seconds back');
});
await check('next and previous go to the beginnings of spans', async () => {
  const at = await wall();
  await page.keyboard.press('PageDown');
  await wallBecomes((next) => next > at + 5000, 'did not go on');
  const start = await wall();
  await page.keyboard.press('PageUp');
  await wallBecomes((next) => next < start - 5000, 'did not go back');
});
await check('zoom goes down to a second and up to a month', async () => {
  const span = () =>
    page.locator('[role="slider"]').evaluate((slider) => Number(slider.ariaValueMax) - Number(slider.ariaValueMin));
  for (let i = 0; i < 20; i++) await page.keyboard.press('+');
  expect((await span()) === 1000, `closest ${await span()}`);
  for (let i = 0; i < 30; i++) await page.keyboard.press('-');
  expect((await span()) === 31 * 86_400_000, `farthest ${await span()}`);
});
await check('playing runs over a gap, and the clock jumps with it', async () => {
  const id = await page.evaluate(() => window.location.pathname.split('/')[2]);
  const now = Date.now();
  const query = new URLSearchParams({ from: iso(now - 86_400_000), to: iso(now), resolution: 0 });
  const { gaps } = await page.evaluate(
    (url) => fetch(url).then((answer) => answer.json()),
    `/api/v1/cameras/${id}/timeline?${query}`,
  );
  const gap = gaps.at(-1);
  await page.goto(`${origin}/playback/${id}?at=${iso(Date.parse(gap.start) - 4000)}`);
  await wallBecomes((at) => at >= Date.parse(gap.end) - 2000, 'stays before the gap');
});
await check('a range that is marked comes with its size in the download dialog', async () => {
  await page.keyboard.press('i');
  await page.waitForTimeout(1500);
  await page.keyboard.press('o');
  await page.keyboard.press('d');
  await page.locator('[data-export-bytes]').waitFor();
  const begun = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('link', { name: 'Download' }).click();
  expect((await begun).suggestedFilename().endsWith('.mp4'), 'an MP4 file');
});
await check('a disk is emptied by keyboard alone, after its consequences were shown', async () => {
  await page.goto(`${origin}/storage`);
  await page.locator('[data-disk="1"]').waitFor();
  await page.getByRole('button', { name: 'Change disk 1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Empty' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('[data-preview]').waitFor();
  await page.getByText('find no room on the other disks').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Empty' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
await check('recordings are lost only when the path of their disk was typed', async () => {
  await fetch(`${origin}/mock/storage-lost`, { method: 'POST' });
  await page.goto(`${origin}/storage`);
  await page.getByRole('button', { name: 'Change disk 2' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const remove = page.getByRole('dialog').getByRole('button', { name: 'Remove' });
  await page.getByText('They are lost for good').waitFor();
  expect(await remove.isDisabled(), 'not before');
  await page.getByLabel('To lose these recordings').fill('/mnt/c/video.disk');
  await remove.click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
await check('a camera that was never recorded here says so, and Chinese is one click away', async () => {
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: '中文' }).click();
  await page.getByRole('link', { name: '系统' }).click();
  await page.getByRole('heading', { name: '视频存储' }).waitFor();
});
await check('nothing was thrown', async () => expect(complaints.length === 0, complaints.join('\n')));

await browser.close();
mock.kill();
console.log(failed === 0 ? 'all well' : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function iso(ms) {
  return new Date(ms).toISOString();
}
