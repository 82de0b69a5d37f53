// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Loader, Progress, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCameras, useSystem } from '../api/queries';
import { troubleOf } from '../cameras/describe';
import { useI18n } from '../i18n/i18n';
import { ClassPanel } from '../retention/ClassPanel';
import { HoldPanel } from '../retention/HoldPanel';
import { bytes } from '../ui/format';
import { AlertIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import { When } from '../ui/When';
import classes from './System.module.css';
import { daysUntilFull, fillFraction, usedBytes } from './store';

/** A difference below this is network and rounding, in milliseconds. */
const clockToleranceMs = 3000;

export function SystemPage() {
  const { t, locale } = useI18n();
  const { data: system, error, dataUpdatedAt } = useSystem();
  const { data: cameras = [] } = useCameras();
  if (error && !system) return <Problem error={error} />;
  if (!system) return <Loader m="md" aria-label={t('common.loading')} />;

  const { store } = system;
  const days = daysUntilFull(store);
  const clockOffMs = Date.parse(system.now) - dataUpdatedAt;
  const ill = cameras
    .filter((camera) => !camera.removed)
    .map((camera) => ({ camera, trouble: troubleOf(camera, Date.now()) }))
    .filter(({ camera, trouble }) => ['failed', 'stalled'].includes(camera.state.phase) || trouble);

  return (
    <div className={classes.page}>
      <Title order={1}>{t('system.title')}</Title>
      {store.fault && (
        <Alert color="red" icon={<AlertIcon />} title={t('system.fault')} role="alert">
          {store.fault}
        </Alert>
      )}
      {store.warnings.map((warning) => (
        <Alert key={warning} color="orange" icon={<AlertIcon />} title={t('system.warning')}>
          {warning}
        </Alert>
      ))}
      {Math.abs(clockOffMs) > clockToleranceMs && (
        <Alert color="orange" icon={<AlertIcon />}>
          {t('system.clockOff', { seconds: Math.round(Math.abs(clockOffMs) / 1000) })}
        </Alert>
      )}
      <div className={classes.panels}>
        <section className={classes.panel}>
          <Title order={2}>{t('system.store')}</Title>
          <div className={classes.big}>
            {t('system.usedOf', {
              used: bytes(usedBytes(store), locale),
              capacity: bytes(store.capacityBytes, locale),
            })}
          </div>
          <Progress value={100 * fillFraction(store)} aria-label={t('system.used')} my="xs" />
          <p className={classes.note}>{t('system.freeIsNormal')}</p>
          <dl className={classes.facts}>
            <Fact name={t('system.writeRate')}>{bytes(store.bytesPerSecond, locale)}/s</Fact>
            <Fact name={t('system.reach')}>
              {days === undefined
                ? store.bytesPerSecond > 0
                  ? t('system.reachFull')
                  : '–'
                : t('system.days', { days: days.toLocaleString(locale, { maximumFractionDigits: 1 }) })}
            </Fact>
            <Fact name={t('system.oldest')}>{store.oldest ? <When at={store.oldest} /> : t('system.nothingYet')}</Fact>
            <Fact name={t('system.written')}>{bytes(store.writtenBytes, locale)}</Fact>
            <Fact name={t('system.safeAfter')}>
              {store.longestArrivalToDurableMs > 0
                ? t('system.safeAfterMs', {
                    median: Math.round(store.medianArrivalToDurableMs),
                    longest: Math.round(store.longestArrivalToDurableMs),
                  })
                : '–'}
            </Fact>
            <Fact name={t('system.lastCommit')}>{t('system.ms', { ms: Math.round(store.lastCommitMs) })}</Fact>
            <Fact name={t('system.longestCommit')}>{t('system.ms', { ms: Math.round(store.longestCommitMs) })}</Fact>
            <Fact name={t('system.dropped')} bad={store.droppedSamples > 0}>
              {store.droppedSamples.toLocaleString(locale)}
            </Fact>
            {store.recoveringChunks > 0 && <Fact name={t('system.recovering')}>{store.recoveringChunks}</Fact>}
          </dl>
        </section>
        <section className={classes.panel}>
          <Title order={2}>{t('system.recorder')}</Title>
          <div className={classes.big}>
            {t('system.recording', { recording: system.cameras.recording, total: system.cameras.total })}
          </div>
          <dl className={classes.facts}>
            <Fact name={t('system.version')}>{system.version}</Fact>
            <Fact name={t('system.started')}>
              <When at={system.startedAt} />
            </Fact>
            <Fact name={t('system.clock')}>
              <When at={system.now} />
            </Fact>
          </dl>
        </section>
        <section className={classes.panel}>
          <Title order={2}>{t('system.camerasFaults')}</Title>
          {ill.length === 0 && <p className={classes.note}>{t('system.noFault')}</p>}
          <ul className={classes.faults}>
            {ill.map(({ camera, trouble }) => (
              <li key={camera.id}>
                <b>{camera.name}</b> · {t(`phase.${camera.state.phase}`)}
                {trouble && (
                  <p className={classes.note}>
                    {trouble.message} · <When at={trouble.at} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      </div>
      <HoldPanel />
      <ClassPanel />
    </div>
  );
}

function Fact({ name, bad = false, children }: { name: string; bad?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? classes.fault : 'num'}>{children}</dd>
    </div>
  );
}
