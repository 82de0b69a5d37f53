// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { usePicture } from '../timeline/usePicture';
import classes from './Playback.module.css';

const stillWidth = 1280;

/** The server's picture of an instant, in place of a video that this browser cannot decode. */
export function Still({ cameraId, at }: { cameraId: string; at: number }) {
  const picture = usePicture(cameraId, at, 0, stillWidth);
  return picture ? <img className={classes.video} src={picture} alt="" /> : null;
}
