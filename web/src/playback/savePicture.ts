// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** Saves the picture that is on screen, pixel for pixel as the decoder gave it, as a JPEG file. */
export function savePicture(video: HTMLVideoElement, name: string): void {
  if (video.videoWidth === 0) return;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.toBlob(
    (picture) => {
      if (!picture) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(picture);
      link.download = `${name.replace(/[^\p{L}\p{N} ._-]+/gu, '-')}.jpg`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    'image/jpeg',
    0.95,
  );
}
