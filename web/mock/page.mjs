// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The built page, as the recorder serves it: files of web/dist, and index.html for every path of the application.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { bytes, problem } from './http.mjs';

const root = new URL('../dist/', import.meta.url).pathname;
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

// The recorder's own policy: what it forbids must be missed here first.
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; " +
  "worker-src 'self' blob:; connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'";

export async function page(response, path) {
  const name = extname(path) === '' ? 'index.html' : normalize(path).replace(/^(\.\.[/\\])+/, '');
  try {
    const type = types[extname(name)] ?? 'application/octet-stream';
    bytes(response, type, await readFile(join(root, name)), { 'Content-Security-Policy': policy });
  } catch {
    problem(response, 404, 'Not found', 'Run npm run build first, or use npm run dev.');
  }
}
