// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, useCameras, useHolds } from '../api/queries';
import type { Hold } from '../api/types';
import { Link } from '../app/Link';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { AlertIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import { When } from '../ui/When';
import { ReleaseDialog } from './ReleaseDialog';
import classes from './Retention.module.css';

/** All holds, what room they keep, and their release. They are made where the footage is looked at. */
export function HoldPanel() {
  const { t, locale } = useI18n();
  const client = useQueryClient();
  const { data, error } = useHolds();
  const { data: cameras = [] } = useCameras();
  const [asked, setAsked] = useState<Hold>();
  const release = useMutation({
    mutationFn: (id: string) => api.releaseHold(id),
    onSuccess: async () => {
      setAsked(undefined);
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.holds }),
        client.invalidateQueries({ queryKey: ['timeline'] }),
      ]);
    },
  });
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;

  return (
    <section className={classes.panel}>
      <Title order={2}>{t('hold.list')}</Title>
      <p className={classes.note}>{t('hold.listText')}</p>
      <Problem error={error} />
      {data?.warning && (
        <Alert color="orange" icon={<AlertIcon />} mb="xs">
          {data.warning}
        </Alert>
      )}
      {data && data.items.length > 0 && (
        <p className={classes.room}>
          {t('hold.room', { held: bytes(data.heldBytes, locale), capacity: bytes(data.capacityBytes, locale) })}
        </p>
      )}
      {data?.items.length === 0 && <p className={classes.note}>{t('hold.none')}</p>}
      <ul className={classes.holds}>
        {data?.items.map((hold) => (
          <li key={hold.id} className={hold.active ? undefined : classes.ended}>
            <div>
              <b>{hold.case}</b> · {hold.cameras.map(nameOf).join(', ')}
              <div>
                <Link to={`/playback/${encodeURIComponent(hold.cameras[0] ?? '')}?at=${hold.from}`}>
                  <When at={hold.from} /> – <When at={hold.to} />
                </Link>
              </div>
              <div className={classes.note}>
                {!hold.active ? (
                  t('hold.ended')
                ) : hold.until ? (
                  <>
                    {t('hold.until')} <When at={hold.until} />
                  </>
                ) : (
                  t('hold.untilReleased')
                )}{' '}
                · {t('hold.by', { user: hold.by })} · <When at={hold.made} />
                {hold.note && <> · {hold.note}</>}
              </div>
            </div>
            <Button size="xs" variant="default" onClick={() => setAsked(hold)}>
              {t('hold.release')}
            </Button>
          </li>
        ))}
      </ul>
      {asked && (
        <ReleaseDialog
          hold={asked}
          busy={release.isPending}
          error={release.error}
          onRelease={() => release.mutate(asked.id)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  );
}
