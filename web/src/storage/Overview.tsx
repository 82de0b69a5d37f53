// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Progress, Title } from '@mantine/core';
import type { Storage } from '../api/types';
import { type Translate, useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { days, layoutText, protectionText, protectionTone } from './describe';
import classes from './Storage.module.css';

/** How safe recordings are, and how long the room lasts. */
export function Overview({ storage }: { storage: Storage }) {
  const { t, locale } = useI18n();
  const { footageBytes, footageRoomBytes, forecast } = storage;
  const fill = footageRoomBytes > 0 ? Math.min(100, (100 * footageBytes) / footageRoomBytes) : 0;
  return (
    <section className={classes.panel}>
      <Title order={2}>{t('storage.protection')}</Title>
      <div className={classes.big} data-tone={protectionTone(storage)}>
        {protectionText(storage.bears, t)}
      </div>
      <p className={classes.note}>{t('storage.layoutOfNew', { layout: layoutText(storage.layout, t) })}</p>
      {storage.degradedChunks > 0 && (
        <p className={classes.warn}>
          {t('storage.degraded', { count: storage.degradedChunks.toLocaleString(locale) })}{' '}
          {storage.unreadableChunks > 0 &&
            t('storage.unreadable', { count: storage.unreadableChunks.toLocaleString(locale) })}
        </p>
      )}
      <Progress value={fill} aria-label={t('system.used')} mt="md" mb={6} />
      <dl className={classes.facts}>
        <div>
          <dt>{t('storage.recorded')}</dt>
          <dd className="num">
            {t('system.usedOf', { used: bytes(footageBytes, locale), capacity: bytes(footageRoomBytes, locale) })}
          </dd>
        </div>
        <div>
          <dt>{t('storage.forecast')}</dt>
          <dd>{forecastText(storage, t, locale)}</dd>
        </div>
        {forecast.roomBytesPerSecond !== null && (
          <div>
            <dt>{t('storage.takes')}</dt>
            <dd className="num">
              {t('storage.perDay', { size: bytes(forecast.roomBytesPerSecond * 86_400, locale) })}
            </dd>
          </div>
        )}
        {storage.heldBytes > 0 && (
          <div>
            <dt>{t('storage.held')}</dt>
            <dd className="num">{bytes(storage.heldBytes, locale)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function forecastText({ forecast }: Storage, t: Translate, locale: string): string {
  return forecast.state === 'filling' && forecast.fullInDays !== null
    ? t('storage.fullIn', { time: days(forecast.fullInDays, t, locale) })
    : t(`storage.forecast.${forecast.state}`);
}
