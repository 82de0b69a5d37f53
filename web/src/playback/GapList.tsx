// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { UnstyledButton } from '@mantine/core';
import { useT } from '../i18n/i18n';
import { gapColours } from '../timeline/palette';
import type { Recorded } from '../timeline/recorded';
import type { View } from '../timeline/view';
import { duration, localDateTime, utcDateTime } from '../ui/format';
import classes from './Playback.module.css';

/** More than this is not read but zoomed into. */
const mostShown = 50;
/** A gap is looked at from a little before it. */
const leadMs = 3000;

interface Props {
  view: View;
  recorded: Recorded;
  onPick: (at: number) => void;
}

/** The gaps on screen in words, newest first: for whoever cannot hover over the timeline or tell its colours apart. */
export function GapList({ view, recorded, onPick }: Props) {
  const t = useT();
  const gaps = recorded.gaps.filter((gap) => gap.end > view.from && gap.start < view.to).reverse();
  return (
    <details className={classes.gaps}>
      <summary>{t('gaps.count', { count: gaps.length })}</summary>
      <ul>
        {gaps.slice(0, mostShown).map((gap) => (
          <li key={gap.start}>
            <UnstyledButton onClick={() => onPick(gap.start - leadMs)} title={utcDateTime(gap.start)}>
              <span className={classes.swatch} style={{ background: gapColours[gap.cause] }} />
              <span className="num">{localDateTime(gap.start)}</span>
              <span className="num">{duration((gap.end - gap.start) / 1000)}</span>
              <span>{t(`gap.${gap.cause}`)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {gaps.length > mostShown && <p>{t('gaps.more', { count: gaps.length - mostShown })}</p>}
    </details>
  );
}
