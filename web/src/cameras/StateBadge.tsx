// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Camera, Phase } from '../api/types';
import { useT } from '../i18n/i18n';
import classes from './Cameras.module.css';

const tones: Record<Phase, string | undefined> = {
  disabled: classes.quiet,
  connecting: classes.warn,
  streaming: classes.good,
  stalled: classes.warn,
  failed: classes.bad,
};

/** The phase in a word and a colour, and beside it whether bytes reach the disk: two facts, never one. */
export function StateBadge({ camera }: { camera: Camera }) {
  const t = useT();
  const { phase, recording } = camera.state;
  // Not recording is only worth a word where recording is wanted.
  const missing = !recording && camera.recording === 'continuous';
  return (
    <span className={classes.badges}>
      <span className={`${classes.badge} ${tones[phase]}`}>{t(`phase.${phase}`)}</span>
      {recording && <span className={classes.recording}>{t('camera.recordingNow')}</span>}
      {missing && <span className={classes.missing}>{t('camera.notRecording')}</span>}
    </span>
  );
}
