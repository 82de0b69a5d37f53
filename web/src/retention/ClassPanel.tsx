// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Button, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, useRetentionClasses } from '../api/queries';
import type { RetentionClass } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { EditIcon, TrashIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import table from '../ui/Table.module.css';
import { ClassDialog } from './ClassDialog';
import { freeClassId } from './classForm';
import classes from './Retention.module.css';

/** The retention classes of one's own: how long, how much, and what goes first. */
export function ClassPanel() {
  const { t, locale } = useI18n();
  const client = useQueryClient();
  const { data = [], error } = useRetentionClasses();
  const [edited, setEdited] = useState<{ id: number; own?: RetentionClass }>();
  const remove = useMutation({
    mutationFn: (id: number) => api.removeRetentionClass(id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.retentionClasses }),
  });
  const own = data.filter((item) => !item.builtIn);
  const free = freeClassId(data);

  return (
    <section className={classes.panel}>
      <div className={classes.head}>
        <Title order={2}>{t('retention.classes')}</Title>
        <Button
          size="xs"
          variant="default"
          disabled={free === undefined}
          onClick={() => free && setEdited({ id: free })}
        >
          {t('retention.add')}
        </Button>
      </div>
      <p className={classes.note}>{t('retention.classesText')}</p>
      <Problem error={error ?? remove.error} />
      {own.length > 0 && (
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('retention.name')}</th>
                <th>{t('retention.minimum')}</th>
                <th>{t('retention.maximum')}</th>
                <th>{t('retention.quotaShort')}</th>
                <th>{t('retention.priority')}</th>
                <th>{t('retention.cameras')}</th>
                <th aria-label={t('camera.column.actions')} />
              </tr>
            </thead>
            <tbody>
              {own.map((item) => (
                <tr key={item.id}>
                  <td>{item.name}</td>
                  <td className="num" data-label={t('retention.minimum')}>
                    {item.minimumDays ?? '–'}
                  </td>
                  <td className="num" data-label={t('retention.maximum')}>
                    {item.maximumDays ?? '–'}
                  </td>
                  <td className="num" data-label={t('retention.quotaShort')}>
                    {item.maximumBytes === null ? '–' : bytes(item.maximumBytes, locale)}
                  </td>
                  <td className="num" data-label={t('retention.priority')}>
                    {item.priority}
                  </td>
                  <td className="num" data-label={t('retention.cameras')}>
                    {item.cameras}
                  </td>
                  <td className={table.tools}>
                    <ActionIcon
                      aria-label={`${t('retention.edit')}: ${item.name}`}
                      onClick={() => setEdited({ id: item.id, own: item })}
                    >
                      <EditIcon />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={`${t('retention.remove')}: ${item.name}`}
                      loading={remove.isPending && remove.variables === item.id}
                      onClick={() => remove.mutate(item.id)}
                    >
                      <TrashIcon />
                    </ActionIcon>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited && <ClassDialog {...edited} onClose={() => setEdited(undefined)} />}
    </section>
  );
}
