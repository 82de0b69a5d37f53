// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Title } from '@mantine/core';
import { useCameras } from '../api/queries';
import type { Storage, StorageClass } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import table from '../ui/Table.module.css';
import { When } from '../ui/When';
import { className, days, isNarrow, layoutText, protectionText } from './describe';
import classes from './Storage.module.css';

/** How long recordings are kept, by class and by camera. */
export function ReachTables({ storage }: { storage: Storage }) {
  const { t, locale } = useI18n();
  const { data: cameras = [] } = useCameras();
  const nameOf = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  const classOf = (id: number) => storage.classes.find((item) => item.id === id);
  return (
    <>
      <section className={classes.panel}>
        <Title order={2}>{t('storage.classes')}</Title>
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('preview.class')}</th>
                <th>{t('storage.protection')}</th>
                <th>{t('storage.takes')}</th>
                <th>{t('storage.reached')}</th>
                <th>{t('storage.expected')}</th>
                <th>{t('storage.promised')}</th>
              </tr>
            </thead>
            <tbody>
              {storage.classes.map((item) => (
                <tr key={item.id}>
                  <td>{className(item, t)}</td>
                  <td data-label={t('storage.protection')}>
                    <div>
                      {protectionText(item.bears, t)}
                      <div className={isNarrow(item) ? classes.bad : classes.note}>
                        {layoutText(item.layoutNow, t)}
                        {isNarrow(item) && ` · ${t('storage.narrow', { layout: layoutText(item.layout, t) })}`}
                      </div>
                    </div>
                  </td>
                  <td className="num" data-label={t('storage.takes')}>
                    {item.roomBytesPerSecond === null
                      ? '–'
                      : t('storage.perDay', { size: bytes(item.roomBytesPerSecond * 86_400, locale) })}
                  </td>
                  <td className="num" data-label={t('storage.reached')}>
                    {days(item.reachedDays, t, locale)}
                  </td>
                  <td className={`num ${missesMinimum(item) ? classes.bad : ''}`} data-label={t('storage.expected')}>
                    {days(item.expectedDays, t, locale)}
                  </td>
                  <td className="num" data-label={t('storage.promised')}>
                    {days(item.minimumDays, t, locale)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className={classes.note}>{t('storage.classesNote')}</p>
      </section>
      <section className={classes.panel}>
        <Title order={2}>{t('storage.cameras')}</Title>
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th>{t('camera.column.camera')}</th>
                <th>{t('preview.class')}</th>
                <th>{t('system.oldest')}</th>
                <th>{t('storage.reached')}</th>
              </tr>
            </thead>
            <tbody>
              {storage.cameras.map((camera) => {
                const item = classOf(camera.retentionClass);
                return (
                  <tr key={camera.id}>
                    <td>{nameOf(camera.id)}</td>
                    <td data-label={t('preview.class')}>{item ? className(item, t) : '–'}</td>
                    <td data-label={t('system.oldest')}>
                      {camera.oldest ? <When at={camera.oldest} /> : t('system.nothingYet')}
                    </td>
                    <td className="num" data-label={t('storage.reached')}>
                      {days(camera.days, t, locale)}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

const missesMinimum = (item: StorageClass) =>
  item.expectedDays !== null && item.minimumDays !== null && item.expectedDays < item.minimumDays;
