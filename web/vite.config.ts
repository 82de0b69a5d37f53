// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The server to develop against: the mock by default, a real recorder with ROOKERY_SERVER=http://host:port.
const server = process.env.ROOKERY_SERVER ?? 'http://127.0.0.1:8099';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    // hls.js is only needed for playback and comes as a chunk of its own; the rest fits well below this.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    include: ['src/**/*.test.ts', '*.test.mjs'],
    environment: 'node',
  },
});
