// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** How many pictures the wall shows: always a square. */
export const layouts = [1, 4, 9, 16] as const;
export type Layout = (typeof layouts)[number];

export const columnsOf = (layout: Layout): number => Math.sqrt(layout);

export const pageCount = (cameras: number, layout: Layout): number => Math.max(1, Math.ceil(cameras / layout));

/** The page that exists and is nearest to the wished one: cameras and layout change under the viewer's hand. */
export const clampPage = (page: number, cameras: number, layout: Layout): number =>
  Math.min(Math.max(0, page), pageCount(cameras, layout) - 1);

/** The page of another layout on which the first picture of this page stays visible. */
export const pageAfter = (page: number, from: Layout, to: Layout): number => Math.floor((page * from) / to);

/** Chosen cameras in the order of the list; all when nothing is chosen or nothing chosen is left. */
export function chosenOf<T extends { id: string }>(cameras: T[], chosen: readonly string[] | null): T[] {
  if (!chosen) return cameras;
  const wanted = new Set(chosen);
  const found = cameras.filter((camera) => wanted.has(camera.id));
  return found.length > 0 ? found : cameras;
}
