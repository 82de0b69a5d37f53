// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Loader, Title } from '@mantine/core';
import { useState } from 'react';
import { useStorage } from '../api/queries';
import type { Disk } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { AlertIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import { ChangeDialog } from './ChangeDialog';
import { DiskCard } from './DiskCard';
import type { Change } from './describe';
import { Overview } from './Overview';
import { ReachTables } from './ReachTables';
import classes from './Storage.module.css';
import { WorkPanel } from './WorkPanel';

/** The disks of the recorder: how safe recordings are, how long they last, and every change of the disks. */
export function StoragePage() {
  const { t } = useI18n();
  const { data: storage, error } = useStorage();
  const [asked, setAsked] = useState<{ change: Change; disk?: Disk }>();
  if (error && !storage) return <Problem error={error} />;
  if (!storage) return <Loader m="md" aria-label={t('common.loading')} />;

  return (
    <div className={classes.page}>
      <Title order={1}>{t('storage.title')}</Title>
      {storage.fault && (
        <Alert color="red" icon={<AlertIcon />} title={t('system.fault')} role="alert">
          {storage.fault}
        </Alert>
      )}
      {storage.warnings.map((warning) => (
        <Alert key={warning} color="orange" icon={<AlertIcon />} title={t('system.warning')}>
          {warning}
        </Alert>
      ))}
      <div className={classes.panels}>
        <Overview storage={storage} />
        <WorkPanel storage={storage} />
      </div>
      <section className={classes.section}>
        <div className={classes.head}>
          <Title order={2}>{t('storage.disks')}</Title>
          <Button size="xs" onClick={() => setAsked({ change: 'add' })}>
            {t('change.add')}
          </Button>
        </div>
        <ul className={classes.disks}>
          {storage.disks.map((disk) => (
            <DiskCard
              key={disk.number}
              disk={disk}
              limitsMs={storage.commitLimitsMs}
              onChange={(change) => setAsked({ change, disk })}
            />
          ))}
        </ul>
      </section>
      <ReachTables storage={storage} />
      {asked && <ChangeDialog {...asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
