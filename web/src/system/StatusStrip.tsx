// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Tooltip } from '@mantine/core';
import { useSystem } from '../api/queries';
import { Link } from '../app/Link';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import classes from './System.module.css';
import { fillFraction, usedBytes } from './store';

/** The state of the recorder in the header of every page: how many cameras record, how full the store is, faults. */
export function StatusStrip() {
  const { t, locale } = useI18n();
  const { data } = useSystem();
  if (!data) return <div className={classes.strip} />;

  const { store, cameras } = data;
  const complete = cameras.recording >= cameras.total;
  const used = t('system.usedOf', {
    used: bytes(usedBytes(store), locale),
    capacity: bytes(store.capacityBytes, locale),
  });
  return (
    <Link to="/system" className={classes.strip}>
      {store.fault && <span className={classes.fault}>{t('system.fault')}</span>}
      {!store.fault && store.warnings.length > 0 && <span className={classes.warn}>{t('system.warning')}</span>}
      <span className={complete ? undefined : classes.warn}>
        {t('system.recording', { recording: cameras.recording, total: cameras.total })}
      </span>
      <Tooltip label={`${t('system.store')}: ${used}`}>
        <span className={classes.fill} role="img" aria-label={`${t('system.store')}: ${used}`}>
          <span style={{ width: `${100 * fillFraction(store)}%` }} />
        </span>
      </Tooltip>
    </Link>
  );
}
