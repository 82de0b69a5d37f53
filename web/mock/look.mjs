// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Takes a picture of every page in dark, light, phone width and Chinese, to be looked at by a person.
// Usage: node mock/look.mjs [http://127.0.0.1:5173] [directory] [page …]; needs a Chromium (CHROMIUM, or /usr/bin/chromium).

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [origin = 'http://127.0.0.1:5173', directory = 'look', ...only] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });

/** A page: where it is and what to do before the picture is taken. */
const pages = {
  live: { path: '/', act: (page) => playing(page) },
  wall16: {
    path: '/',
    act: (page) =>
      playing(page)
        .then(() => page.keyboard.press('6'))
        .then(() => playing(page)),
  },
  cameras: { path: '/cameras', act: (page) => page.waitForSelector('[data-camera]') },
  add: { path: '/cameras', act: (page) => addDialog(page, 'ok') },
  diagnosis: { path: '/cameras', act: (page) => addDialog(page, 'authorize') },
  playback: { path: '/playback/1', act: (page) => recording(page) },
  download: {
    path: '/playback/1',
    act: (page) =>
      recording(page)
        .then(() => page.keyboard.press('d'))
        .then(() => page.waitForSelector('[data-export-bytes]')),
  },
  hevc: { path: '/playback/5', act: (page) => page.waitForTimeout(2500) },
  system: { path: '/system', act: (page) => page.waitForSelector('dl') },
  retention: {
    path: '/system',
    act: (page) =>
      page.waitForSelector('h2').then(() => page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))),
    whole: true,
  },
  classDialog: {
    path: '/system',
    act: (page) => page.getByRole('button', { name: /Add class|添加/ }).click(),
  },
  holdDialog: {
    path: '/playback/1',
    act: (page) => recording(page).then(() => page.getByRole('button', { name: /Hold|保全/ }).click()),
  },
  storage: { path: '/storage', act: (page) => page.waitForSelector('[data-disk]'), whole: true },
  storageDegraded: {
    path: '/storage',
    scene: 'degraded',
    act: (page) => page.waitForSelector('[data-disk]'),
    whole: true,
  },
  storageDraining: {
    path: '/storage',
    scene: 'draining',
    act: (page) => page.waitForSelector('[data-disk]'),
    whole: true,
  },
  storageSingle: { path: '/storage', scene: 'single', act: (page) => page.waitForSelector('[data-disk]'), whole: true },
  storageLost: { path: '/storage', scene: 'lost', act: (page) => page.waitForSelector('[data-disk]'), whole: true },
  diskAdd: {
    path: '/storage',
    act: async (page) => {
      await page.getByRole('button', { name: /Add disk|添加磁盘/ }).click();
      await page.locator('[role="dialog"] input').first().fill('/mnt/d/video.disk');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-preview]');
    },
  },
  diskDrain: { path: '/storage', act: (page) => changeDialog(page, 1, 0) },
  diskLose: { path: '/storage', scene: 'lost', act: (page) => changeDialog(page, 2, 1) },
  help: { path: '/system', act: (page) => page.waitForSelector('dl').then(() => page.keyboard.press('?')) },
};

const variants = {
  dark: { colorScheme: 'dark', locale: 'en-GB', viewport: { width: 1280, height: 800 } },
  light: { colorScheme: 'light', locale: 'en-GB', viewport: { width: 1280, height: 800 } },
  phone: {
    colorScheme: 'dark',
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  },
  chinese: { colorScheme: 'light', locale: 'zh-CN', viewport: { width: 1280, height: 800 } },
};

async function playing(page) {
  await page.waitForSelector('[data-status="playing"]');
  // Let the other tiles follow.
  await page.waitForTimeout(2500);
}

async function recording(page) {
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5, null, {
    timeout: 20_000,
  });
  await page.waitForTimeout(1500);
  // Over the recorded part, for the preview.
  const timeline = await page.locator('[role="slider"] canvas').boundingBox();
  await page.mouse.move(timeline.x + timeline.width * 0.6, timeline.y + 45);
  await page.waitForTimeout(600);
}

async function addDialog(page, path) {
  await page.waitForSelector('[data-camera]');
  await page.locator('main button').first().click();
  const fields = page.locator('[role="dialog"] input[type="text"], [role="dialog"] input:not([type])');
  await fields.nth(0).fill('Stairs');
  await fields.nth(1).fill(`rtsp://192.168.7.60:554/${path}`);
  await page.locator('[role="dialog"] form button[type="button"]', { hasText: /Test|测试/ }).click();
  await page.waitForSelector('[data-test-result]');
}

/** Opens the change of that place in the menu of a disk. */
async function changeDialog(page, number, item) {
  await page.waitForSelector('[data-disk]');
  await page.locator(`[data-disk="${number}"] button`).click();
  await page.locator('[role="menuitem"]').nth(item).click();
  await page.waitForSelector('[data-preview]');
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
for (const [variant, options] of Object.entries(variants)) {
  const context = await browser.newContext(options);
  for (const [name, { path, act, scene = 'well', whole = false }] of Object.entries(pages)) {
    if (only.length > 0 && !only.includes(name) && !only.includes(variant) && !only.includes(`${name}-${variant}`))
      continue;
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.log(`${name} ${variant}: ${message.text()}`));
    page.on('pageerror', (error) => console.log(`${name} ${variant}: ${error}`));
    try {
      await fetch(`${origin}/mock/storage-${scene}`, { method: 'POST' });
      await page.goto(origin + path);
      await act(page);
    } catch (error) {
      console.log(`${name} ${variant}: ${error.message.split('\n')[0]}`);
    }
    await page.waitForTimeout(400);
    // The page scrolls inside its frame: for a picture of all of it the window is made as high as that.
    if (whole) {
      const height = await page.evaluate(() => (document.querySelector('main')?.scrollHeight ?? 0) + 120);
      await page.setViewportSize({ width: options.viewport.width, height: Math.max(options.viewport.height, height) });
    }
    await page.screenshot({ path: join(directory, `${name}-${variant}.png`) });
    await page.close();
  }
  await context.close();
}
await browser.close();
