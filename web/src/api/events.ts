// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { backoffMs } from '../ui/backoff';
import { links } from './client';
import { keys } from './queries';
import type { Camera, CameraState, SystemState } from './types';

interface StateItem {
  id: string;
  state: CameraState;
}

/** The list with the states of `items` in it; undefined when the two do not name the same cameras: then it must be asked anew. */
export function withStates(cameras: Camera[], items: StateItem[]): Camera[] | undefined {
  const states = new Map(items.map((item) => [item.id, item.state]));
  const known = new Set(cameras.map((camera) => camera.id));
  const added = items.some((item) => !known.has(item.id));
  const removed = cameras.some((camera) => !camera.removed && !states.has(camera.id));
  if (added || removed) return undefined;
  return cameras.map((camera) => {
    const state = states.get(camera.id);
    return state ? { ...camera, state } : camera;
  });
}

/**
 * Keeps the cached cameras and the system state fresh from the event stream, for as long as the component lives.
 * The browser's own reconnecting gives up on an HTTP error, so the stream is opened anew here with a bounded back-off.
 * @returns whether the stream is up
 */
export function useServerEvents(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    let source: EventSource | undefined;
    let timer: number | undefined;
    let attempt = 0;

    const open = () => {
      source = new EventSource(links.events());
      source.onopen = () => {
        attempt = 0;
        setConnected(true);
      };
      source.addEventListener('cameras', (event) => {
        const { items } = JSON.parse((event as MessageEvent<string>).data) as { items: StateItem[] };
        const cameras = client.getQueryData<Camera[]>(keys.cameras);
        if (!cameras) return;
        const next = withStates(cameras, items);
        if (next) client.setQueryData(keys.cameras, next);
        else void client.invalidateQueries({ queryKey: keys.cameras });
      });
      source.addEventListener('system', (event) => {
        client.setQueryData(keys.system, JSON.parse((event as MessageEvent<string>).data) as SystemState);
      });
      source.onerror = () => {
        source?.close();
        setConnected(false);
        // The stream does not say why it was refused; the session question does (a session that ran out).
        void client.invalidateQueries({ queryKey: keys.session });
        timer = window.setTimeout(open, backoffMs(attempt++, Math.random()));
      };
    };

    open();
    return () => {
      source?.close();
      window.clearTimeout(timer);
    };
  }, [client]);

  return connected;
}
