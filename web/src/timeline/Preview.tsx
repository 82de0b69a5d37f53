// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useT } from '../i18n/i18n';
import { duration, localDate, localTime, utcDateTime } from '../ui/format';
import { gapAt, type Recorded, spanAt } from './recorded';
import classes from './Timeline.module.css';
import { usePicture } from './usePicture';
import { second, spanOf, toX, type View } from './view';

interface Props {
  cameraId: string;
  at: number;
  view: View;
  width: number;
  recorded: Recorded;
}

const previewWidth = 200;

/** The little picture above the pointer, with its time; over a gap its cause instead. */
export function Preview({ cameraId, at, view, width, recorded }: Props) {
  const t = useT();
  const gap = gapAt(recorded, at);
  const isRecorded = !gap && spanAt(recorded, at) !== undefined;
  const picture = usePicture(cameraId, isRecorded ? at : undefined, spanOf(view) / width);
  const left = Math.max(4, Math.min(width - previewWidth - 4, toX(view, width, at) - previewWidth / 2));
  const fine = spanOf(view) < 30 * second;

  return (
    <div className={classes.preview} style={{ left, width: previewWidth }}>
      {isRecorded && <div className={classes.picture}>{picture && <img src={picture} alt="" />}</div>}
      {gap && (
        <div className={classes.cause}>
          {t(`gap.${gap.cause}`)} · {duration((gap.end - gap.start) / 1000)}
        </div>
      )}
      {!gap && !isRecorded && <div className={classes.cause}>{t('timeline.notRecorded')}</div>}
      <div className="num" title={utcDateTime(at)}>
        {localDate(at)} <b>{localTime(at, fine)}</b>
      </div>
    </div>
  );
}
