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
    const feed = new Feed(viewer);
    feed.start(clip);
    feeds.add(feed);
    viewer.on('close', () => {
      feed.stop();
      feeds.delete(feed);
      camera.viewers--;
    });
  });
}

const feeds = new Set();

/** Cuts every connection, as a recorder that restarts does. */
export function drop() {
  for (const feed of feeds) feed.viewer.terminate();
}

/** Gives every viewer another format in mid-stream, as a camera whose resolution is changed does. */
export function change(clip) {
  for (const feed of feeds) feed.start(clip);
}

class Feed {
  constructor(viewer) {
    this.viewer = viewer;
  }

  start(clip) {
    this.stop();
    const { mimeType, width, height, codec } = clip;
    this.viewer.send(JSON.stringify({ type: 'init', mimeType, width, height, codec }));
    this.viewer.send(clip.init);
    // A real stream starts with the last random access point, so a little in the past.
    const started = performance.now() / 1000 - 0.4;
    let index = 0;
    let sequence = 0;
    this.timer = setInterval(() => {
      const due = performance.now() / 1000 - started;
      for (;;) {
        const round = Math.floor(index / clip.timed.length);
        const { data, track, seconds } = clip.timed[index % clip.timed.length];
        const at = round * loopSeconds + seconds;
        if (at > due) return;
        this.viewer.send(moved(data, at * track.timescale, ++sequence));
        index++;
      }
    }, 20);
  }

  stop() {
    clearInterval(this.timer);
  }
}
