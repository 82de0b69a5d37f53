// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Menu } from '@mantine/core';
import type { Disk } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { type Change, changesFor, diskTone, stateKey } from './describe';
import { Histogram } from './Histogram';
import classes from './Storage.module.css';

interface Props {
  disk: Disk;
  limitsMs: number[];
  onChange: (change: Change) => void;
}

/** A disk: what it is, how full, how warm, how quick. */
export function DiskCard({ disk, limitsMs, onChange }: Props) {
  const { t, locale } = useI18n();
  const { health } = disk;
  const used = disk.capacityBytes - disk.freeBytes;
  const isHere = disk.state !== 'missing';
  const fill = disk.capacityBytes > 0 && isHere ? (100 * used) / disk.capacityBytes : 0;
  const tone = diskTone(disk);

  return (
    <li className={classes.disk} data-disk={disk.number} data-tone={tone}>
      <div className={classes.diskHead}>
        <span className={classes.number} aria-hidden="true">
          {disk.number}
        </span>
        <div className={classes.diskName}>
          <b>{t('storage.disk', { number: disk.number })}</b>
          <span className={classes.path} title={disk.name}>
            {disk.name}
          </span>
        </div>
        <span className={classes.state}>{t(stateKey(disk))}</span>
      </div>
      <div
        className={classes.fill}
        role="img"
        aria-label={`${t('system.used')}: ${bytes(used, locale)} / ${bytes(disk.capacityBytes, locale)}`}
      >
        <span style={{ width: `${fill}%` }} />
      </div>
      <div className={classes.figures}>
        <span className="num">
          {isHere
            ? t('storage.freeOf', {
                free: bytes(disk.freeBytes, locale),
                capacity: bytes(disk.capacityBytes, locale),
              })
            : bytes(disk.capacityBytes, locale)}
        </span>
        {health?.temperatureCelsius != null && (
          <span className="num">{`${Math.round(health.temperatureCelsius)} °C`}</span>
        )}
        {health?.sleeps && <span>{t('storage.sleeps')}</span>}
        {disk.errors > 0 && <span className={classes.bad}>{t('storage.errors', { count: disk.errors })}</span>}
      </div>
      {disk.commitHistogram.length > 0 && (
        <>
          <Histogram counts={disk.commitHistogram} limitsMs={limitsMs} />
          <div className={classes.figures}>
            <span>{t('storage.writes')}</span>
            <span className="num">
              {t('storage.writeTimes', { median: Math.round(disk.medianCommitMs), p99: Math.round(disk.p99CommitMs) })}
            </span>
          </div>
        </>
      )}
      {disk.state === 'draining' && (
        <p className={classes.note}>
          {disk.liveBytes > 0
            ? t('storage.drainLeft', { left: bytes(disk.liveBytes, locale) })
            : t('storage.drainDone')}
        </p>
      )}
      {disk.onlyHereBytes > 0 && !isHere && (
        <p className={classes.bad}>{t('storage.onlyHere', { size: bytes(disk.onlyHereBytes, locale) })}</p>
      )}
      {health?.warnings.map((warning) => (
        <p key={warning} className={classes.warn}>
          {t('storage.diskSays', { warning })}
        </p>
      ))}
      <div className={classes.diskFoot}>
        <span className={classes.path}>{[health?.model, health?.serial].filter(Boolean).join(' · ')}</span>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              size="compact-xs"
              variant="default"
              flex="none"
              aria-label={t('storage.change', { number: disk.number })}
            >
              {t('storage.changeShort')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {changesFor(disk).map((change) => (
              <Menu.Item
                key={change}
                {...(change === 'remove' ? { color: 'red' } : {})}
                onClick={() => onChange(change)}
              >
                {t(`change.${change}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  );
}
