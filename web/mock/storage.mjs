// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// The pool of the recorder made of paper, in the states that one wants to look at. POST /mock/storage-<name> changes it.

const limits = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const TB = 1e12;
let scene = 'well';

export const scenes = ['well', 'degraded', 'draining', 'single', 'lost'];
export const play = (name) => {
  scene = name;
};

const letter = (number) => String.fromCharCode(97 + number);
const disk = (number, change = {}) => ({
  number,
  name: `/mnt/${letter(number)}/video.disk`,
  state: 'online',
  spare: false,
  slow: false,
  doesNotAnswer: false,
  activity: 'active',
  capacityBytes: 4 * TB,
  freeBytes: (0.9 + 0.1 * number) * TB,
  liveBytes: 2.9 * TB,
  onlyHereBytes: 0,
  writtenBytes: 0.6 * TB,
  errors: 0,
  medianCommitMs: 14,
  p99CommitMs: 62,
  longestCommitMs: 140,
  commitHistogram: [0, 0, 900, 41_000, 160_000, 52_000, 4100, 300, 12, 0, 0, 0, 0, 0],
  health: {
    at: new Date().toISOString(),
    device: `/dev/sd${letter(number)}`,
    model: 'Example Surveillance 4T',
    serial: `EX00${number}`,
    passed: true,
    temperatureCelsius: 36 + number,
    hottestCelsius: 60,
    powerOnHours: 21_000,
    reallocatedSectors: 0,
    pendingSectors: 0,
    uncorrectableErrors: 0,
    wearPercent: null,
    sleeps: false,
    warnings: [],
  },
  ...change,
});

const item = (id, change) => ({
  id,
  name: '',
  layout: '3+1',
  layoutNow: '3+1',
  bears: 1,
  chunks: 3600,
  footageBytes: 4 * TB,
  roomBytes: 5.4 * TB,
  roomBytesPerSecond: 4.2e6,
  oldest: new Date(Date.now() - 21 * 86_400_000).toISOString(),
  reachedDays: 21,
  expectedDays: 26.4,
  minimumDays: null,
  maximumDays: null,
  ...change,
});

export function storage(cameras) {
  const base = {
    at: new Date().toISOString(),
    capacityBytes: 16 * TB,
    freeBytes: 4.2 * TB,
    footageRoomBytes: 12 * TB,
    footageBytes: 8.8 * TB,
    heldBytes: 0.041 * TB,
    layout: '3+1',
    bears: 1,
    degradedChunks: 0,
    unreadableChunks: 0,
    recoveringChunks: 0,
    loading: false,
    fault: null,
    warnings: [],
    disks: [0, 1, 2, 3].map((number) => disk(number)),
    commitLimitsMs: limits,
    classes: [
      item(0),
      item(30, { maximumDays: 30, expectedDays: 30, reachedDays: 30 }),
      item(200, {
        name: 'Entrances',
        layout: '2+2',
        layoutNow: '2+2',
        bears: 2,
        minimumDays: 30,
        maximumDays: 90,
        expectedDays: 61,
      }),
    ],
    forecast: { state: 'filling', fullInDays: 5.8, roomBytesPerSecond: 8.4e6 },
    rebuild: { columns: 0, bytesLeft: 0, columnsDone: 0, withoutTarget: 0, secondsLeft: null },
    scrub: { chunksDone: 8100, chunks: 10_400, fast: false, secondsLeft: null, completed: null, damagedColumns: 0 },
    cameras: cameras
      .filter((camera) => !camera.removed)
      .map((camera, i) => ({
        id: camera.id,
        retentionClass: [0, 30, 200][i % 3],
        oldest: i === 7 ? null : new Date(Date.now() - (21 + i) * 86_400_000).toISOString(),
        days: i === 7 ? null : 21 + i,
      })),
  };
  return { ...base, ...changes[scene]?.(base) };
}

const changes = {
  degraded: (base) => ({
    bears: 0,
    degradedChunks: 3512,
    fault: 'The disk /mnt/c/video.disk (number 2) of the pool is missing. Recording goes on without it.',
    warnings: ['/mnt/b/video.disk is at 58 °C; 55 °C is the most it should be. See to its cooling.'],
    disks: base.disks.map((one) =>
      one.number === 2
        ? disk(2, { state: 'missing', freeBytes: 0, commitHistogram: [], health: null })
        : one.number === 1
          ? {
              ...one,
              errors: 3,
              commitHistogram: [0, 0, 20, 300, 5000, 9000, 2100, 800, 90, 31, 9, 2, 0, 1],
              health: {
                ...one.health,
                temperatureCelsius: 58,
                warnings: ['is at 58 °C; 55 °C is the most it should be. See to its cooling.'],
              },
            }
          : one,
    ),
    classes: base.classes.map((one) => ({
      ...one,
      layoutNow: one.id === 200 ? '1+2' : '2+1',
      bears: one.id === 200 ? 1 : 0,
      expectedDays: one.expectedDays * 0.6,
    })),
    rebuild: { columns: 3320, bytesLeft: 0.83 * TB, columnsDone: 192, withoutTarget: 12, secondsLeft: 31_000 },
    forecast: { state: 'full', fullInDays: null, roomBytesPerSecond: 8.4e6 },
  }),
  draining: (base) => ({
    disks: [
      ...base.disks.map((one) => (one.number === 0 ? { ...one, state: 'draining', liveBytes: 0.4 * TB } : one)),
      disk(4, { freeBytes: 3.9 * TB, liveBytes: 0.1 * TB }),
      disk(5, { spare: true, activity: 'standby', freeBytes: 4 * TB, liveBytes: 0 }),
    ],
    rebuild: { columns: 1600, bytesLeft: 0.4 * TB, columnsDone: 8200, withoutTarget: 0, secondsLeft: 12_400 },
    scrub: { ...base.scrub, chunksDone: 2100, fast: true, secondsLeft: 5200, damagedColumns: 2 },
    forecast: { state: 'balanced', fullInDays: null, roomBytesPerSecond: 8.4e6 },
  }),
  single: (base) => ({
    layout: '1+0',
    bears: 0,
    capacityBytes: 4 * TB,
    freeBytes: 3.9 * TB,
    footageRoomBytes: 4 * TB,
    footageBytes: 0.02 * TB,
    heldBytes: 0,
    disks: [disk(0, { name: '/var/lib/rookery/video.disk', health: null, freeBytes: 3.98 * TB })],
    classes: [item(0, { layout: '1+0', layoutNow: '1+0', bears: 0, roomBytesPerSecond: null, expectedDays: null })],
    forecast: { state: 'unknown', fullInDays: null, roomBytesPerSecond: null },
    scrub: { ...base.scrub, chunksDone: 0, chunks: 0 },
  }),
  lost: (base) => ({
    ...changes.degraded(base),
    unreadableChunks: 140,
    disks: changes
      .degraded(base)
      .disks.map((one) => (one.number === 2 ? { ...one, onlyHereBytes: 0.19 * TB } : one))
      .map((one) => (one.number === 3 ? { ...one, state: 'failed', errors: 41 } : one)),
  }),
};

export function preview({ change, disk: number, new: comes }, cameras) {
  const now = storage(cameras);
  const isNarrower = change === 'drain';
  const lost = change === 'remove' ? (now.disks.find((one) => one.number === number)?.onlyHereBytes ?? 0) : 0;
  return {
    refusal: change === 'remove' && lost === 0 ? 'The disk still holds footage. Drain it first.' : null,
    bytesToMove: ['drain', 'replace', 'remove'].includes(change) ? 2.9 * TB : 0,
    moveSeconds: ['drain', 'replace', 'remove'].includes(change) ? 118_000 : null,
    withoutRoomBytes: isNarrower ? 0.7 * TB : 0,
    lostBytes: lost,
    footageRoomBefore: 12 * TB,
    footageRoomAfter: change === 'add' ? 16 * TB : isNarrower ? 8 * TB : 12 * TB,
    daysLost: isNarrower ? 9.6 : 0,
    classes: now.classes.map((one) => ({
      id: one.id,
      name: one.name,
      maximumDays: one.maximumDays,
      layoutBefore: one.layoutNow,
      layoutAfter: change === 'add' && one.id !== 200 ? '4+1' : isNarrower && one.id !== 200 ? '2+1' : one.layout,
      bearsNow: one.bears,
      bearsDuring: one.bears,
      bearsAfter: Math.max(one.bears, 1),
      daysBefore: one.expectedDays,
      daysAfter: one.expectedDays === null ? null : one.expectedDays * (isNarrower ? 0.64 : change === 'add' ? 1.3 : 1),
    })),
    place: comes
      ? {
          path: comes.path,
          kind: comes.path.startsWith('/dev/') ? 'device' : 'newFile',
          bytes: comes.sizeBytes ?? 4 * TB,
          fileSystem: comes.path.startsWith('/dev/') ? null : '/',
          sharesWith: comes.path.startsWith('/dev/') ? [] : ['/mnt/a/video.disk'],
        }
      : null,
  };
}
