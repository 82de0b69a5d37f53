// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// GET /cameras/{id}/live: loops a clip at real speed over a WebSocket.

import { WebSocketServer } from 'ws';
import { moved } from './boxes.mjs';
import { loopSeconds } from './clips.mjs';

const server = new WebSocketServer({ noServer: true });

export function live(request, socket, head, camera, clip) {
  server.handleUpgrade(request, socket, head, (viewer) => {
    if (camera.phase !== 'streaming') {
      const message = camera.phase === 'failed' ? 'Connection refused' : '';
      viewer.send(JSON.stringify({ type: 'state', phase: camera.phase, message }));
      return;
    }
    camera.viewers++;
    const { mimeType, width, height, codec } = clip;
    viewer.send(JSON.stringify({ type: 'init', mimeType, width, height, codec }));
    viewer.send(clip.init);

    // A real stream starts with the last random access point, so a little in the past.
    const started = performance.now() / 1000 - 0.4;
    let index = 0;
    let sequence = 0;
    const timer = setInterval(() => {
      const due = performance.now() / 1000 - started;
      for (;;) {
        const round = Math.floor(index / clip.timed.length);
        const { data, track, seconds } = clip.timed[index % clip.timed.length];
        const at = round * loopSeconds + seconds;
        if (at > due) return;
        viewer.send(moved(data, at * track.timescale, ++sequence));
        index++;
      }
    }, 20);
    viewer.on('close', () => {
      clearInterval(timer);
      camera.viewers--;
    });
  });
}
