// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { withStates } from './events';
import type { Camera, CameraState } from './types';

const state = (phase: CameraState['phase']) => ({ phase }) as CameraState;
const cameras = ['a', 'b'].map((id) => ({ id, name: id, state: state('connecting') }) as Camera);

test('states are put to their cameras and the others stay the same objects', () => {
  const gone = { id: 'c', name: 'c', state: state('disabled'), removed: true } as Camera;
  const items = ['a', 'b'].map((id) => ({ id, state: state('streaming') }));
  const next = withStates([...cameras, gone], items);
  expect(next?.[2]).toBe(gone);
  expect(next?.[1]?.state.phase).toBe('streaming');
});

test('a camera that was added or removed elsewhere asks for the list anew', () => {
  const items = ['a', 'b', 'c'].map((id) => ({ id, state: state('streaming') }));
  expect(withStates(cameras, items)).toBeUndefined();
  expect(withStates(cameras, items.slice(0, 1))).toBeUndefined();
});
