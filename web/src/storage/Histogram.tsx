// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Tooltip } from '@mantine/core';
import { useI18n } from '../i18n/i18n';
import { bars, limitText } from './histogram';
import classes from './Storage.module.css';

/** How long writes took, from 1 ms on the left to more than 10 s on the right. */
export function Histogram({ counts, limitsMs }: { counts: number[]; limitsMs: number[] }) {
  const { t, locale } = useI18n();
  const all = bars(counts, limitsMs);
  const longest = all.findLast((bar) => bar.count > 0);
  const summary = longest
    ? t('storage.histogramLongest', { limit: longest.to === undefined ? '> 10 s' : limitText(longest.to) })
    : t('storage.histogramNone');
  return (
    <div className={classes.histogram} role="img" aria-label={`${t('storage.histogram')}: ${summary}`}>
      {all.map((bar) => (
        <Tooltip
          key={bar.from}
          label={`${limitText(bar.from)} – ${bar.to === undefined ? '' : limitText(bar.to)}: ${bar.count.toLocaleString(locale)}`}
        >
          <span className={classes.bucket}>
            <span
              className={bar.slow ? classes.slowBar : undefined}
              style={{ height: bar.count > 0 ? `${Math.max(6, 100 * bar.height)}%` : 0 }}
            />
          </span>
        </Tooltip>
      ))}
    </div>
  );
}
