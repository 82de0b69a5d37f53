// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Button, Table, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, useRetentionClasses } from '../api/queries';
import type { RetentionClass } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { EditIcon, TrashIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
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
        <div className={classes.scroll}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('retention.name')}</Table.Th>
                <Table.Th>{t('retention.minimum')}</Table.Th>
                <Table.Th>{t('retention.maximum')}</Table.Th>
                <Table.Th>{t('retention.quotaShort')}</Table.Th>
                <Table.Th>{t('retention.priority')}</Table.Th>
                <Table.Th>{t('retention.cameras')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {own.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td>{item.name}</Table.Td>
                  <Table.Td className="num">{item.minimumDays ?? '–'}</Table.Td>
                  <Table.Td className="num">{item.maximumDays ?? '–'}</Table.Td>
                  <Table.Td className="num">
                    {item.maximumBytes === null ? '–' : bytes(item.maximumBytes, locale)}
                  </Table.Td>
                  <Table.Td className="num">{item.priority}</Table.Td>
                  <Table.Td className="num">{item.cameras}</Table.Td>
                  <Table.Td className={classes.tools}>
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
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {edited && <ClassDialog {...edited} onClose={() => setEdited(undefined)} />}
    </section>
  );
}
