// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** Shows the element alone on the screen, or ends that. A browser without it (phones) is asked for its video player. */
export function toggleFullScreen(element: HTMLElement | null): void {
  if (document.fullscreenElement) {
    void document.exitFullscreen();
  } else if (element?.requestFullscreen) {
    void element.requestFullscreen().catch(() => undefined);
  } else {
    const video = element?.querySelector('video') as (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null;
    video?.webkitEnterFullscreen?.();
  }
}
