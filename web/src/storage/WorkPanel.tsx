// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Progress, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Storage } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { Problem } from '../ui/Problem';
import { When } from '../ui/When';
import { span } from './describe';
import classes from './Storage.module.css';

/** What goes on beside recording: rebuild and drain, verification, reading the index after a start. */
export function WorkPanel({ storage }: { storage: Storage }) {
  const { t, locale } = useI18n();
  const client = useQueryClient();
  const { rebuild, scrub } = storage;
  const toggle = useMutation({
    mutationFn: () => (scrub.fast ? api.stopScrub() : api.startScrub()),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.storage }),
  });
  const done = rebuild.columnsDone + rebuild.columns;

  return (
    <section className={classes.panel}>
      <Title order={2}>{t('storage.work')}</Title>
      {(storage.loading || storage.recoveringChunks > 0) && (
        <p className={classes.warn}>{t('storage.recovering', { count: storage.recoveringChunks })}</p>
      )}
      <h3 className={classes.workTitle}>{t('storage.rebuild')}</h3>
      {rebuild.bytesLeft === 0 ? (
        <p className={classes.note}>{t('storage.rebuildNone')}</p>
      ) : (
        <>
          <Progress
            value={done > 0 ? (100 * rebuild.columnsDone) / done : 0}
            aria-label={t('storage.rebuild')}
            animated
          />
          <p className={classes.note}>
            {t('storage.rebuildLeft', { size: bytes(rebuild.bytesLeft, locale) })}{' '}
            {rebuild.secondsLeft !== null && t('storage.timeLeft', { time: span(rebuild.secondsLeft, t, locale) })}
          </p>
          {rebuild.withoutTarget > 0 && (
            <p className={classes.warn}>{t('storage.withoutTarget', { count: rebuild.withoutTarget })}</p>
          )}
        </>
      )}
      <h3 className={classes.workTitle}>{t('storage.scrub')}</h3>
      <Progress
        value={scrub.chunks > 0 ? (100 * scrub.chunksDone) / scrub.chunks : 0}
        aria-label={t('storage.scrub')}
        animated={scrub.fast}
      />
      <div className={classes.head}>
        <p className={classes.note}>
          {t('storage.scrubDone', {
            done: scrub.chunksDone.toLocaleString(locale),
            chunks: scrub.chunks.toLocaleString(locale),
          })}{' '}
          {scrub.secondsLeft !== null && t('storage.timeLeft', { time: span(scrub.secondsLeft, t, locale) })}
          {scrub.completed && (
            <>
              {' '}
              {t('storage.scrubCompleted')} <When at={scrub.completed} />
            </>
          )}
        </p>
        <Button
          size="compact-xs"
          variant="default"
          flex="none"
          loading={toggle.isPending}
          onClick={() => toggle.mutate()}
        >
          {t(scrub.fast ? 'storage.scrubStop' : 'storage.scrubStart')}
        </Button>
      </div>
      <p className={scrub.damagedColumns > 0 ? classes.warn : classes.note}>
        {scrub.damagedColumns > 0
          ? t('storage.damaged', { count: scrub.damagedColumns.toLocaleString(locale) })
          : t('storage.damagedNone')}
      </p>
      <Problem error={toggle.error} />
    </section>
  );
}
