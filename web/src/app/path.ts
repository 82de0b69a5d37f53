// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** The parts of a path, decoded. A part that was typed with a lone percent sign is taken as it is. */
export function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean).map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
