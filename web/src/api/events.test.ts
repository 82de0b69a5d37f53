// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { withStates } from './events';
import type { Camera, CameraState } from './types';

const state = (phase: CameraState['phase']) => ({ phase }) as CameraState;
const cameras = ['a', 'b'].map((id) => ({ id, name: id, state: state('connecting') }) as Camera);

test('states are put to their cameras and the others stay the same objects', () => {
  const next = withStates(cameras, [{ id: 'b', state: state('streaming') }]);
  expect(next?.[0]).toBe(cameras[0]);
  expect(next?.[1]?.state.phase).toBe('streaming');
});

test('an unknown camera asks for the list anew', () => {
  expect(withStates(cameras, [{ id: 'c', state: state('streaming') }])).toBeUndefined();
});
