// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ChangePreview } from '../api/types';
import { useI18n } from '../i18n/i18n';
import { bytes } from '../ui/format';
import { AlertIcon } from '../ui/icons';
import table from '../ui/Table.module.css';
import { className, days, layoutText, span } from './describe';
import classes from './Storage.module.css';

/** What a change leads to: dangers first, then figures, then the classes. */
export function PreviewText({ preview }: { preview: ChangePreview }) {
  const { t, locale } = useI18n();
  if (preview.refusal !== null) return <Warning bad>{preview.refusal}</Warning>;
  const { place } = preview;
  const size = (count: number) => bytes(count, locale);
  const bears = (count: number | null) => (count === null ? '–' : count);

  return (
    <div data-preview>
      {place && place.sharesWith.length > 0 && (
        <Warning>{t('preview.shares', { names: place.sharesWith.join(', ') })}</Warning>
      )}
      {preview.lostBytes > 0 && <Warning bad>{t('preview.lost', { size: size(preview.lostBytes) })}</Warning>}
      {preview.withoutRoomBytes > 0 && (
        <Warning>{t('preview.withoutRoom', { size: size(preview.withoutRoomBytes) })}</Warning>
      )}
      {preview.classes.some((item) => item.layoutAfter.endsWith('+0') && !item.layoutBefore.endsWith('+0')) && (
        <Warning bad>{t('preview.unprotected')}</Warning>
      )}
      <dl className={classes.facts}>
        {place && (
          <Fact name={t('preview.place')}>
            {t(`preview.${place.kind}`, { size: size(place.bytes) })}
            {place.fileSystem && ` · ${t('preview.fileSystem', { path: place.fileSystem })}`}
          </Fact>
        )}
        <Fact name={t('preview.room')}>
          {size(preview.footageRoomBefore)} → {size(preview.footageRoomAfter)}
        </Fact>
        {preview.bytesToMove > 0 && (
          <Fact name={t('preview.move')}>
            {size(preview.bytesToMove)}
            {preview.moveSeconds !== null &&
              ` · ${t('preview.moveTime', { time: span(preview.moveSeconds, t, locale) })}`}
          </Fact>
        )}
        <Fact name={t('preview.daysLost')}>
          {preview.daysLost === null
            ? t('preview.unknown')
            : preview.daysLost < 0.05
              ? t('preview.none')
              : days(preview.daysLost, t, locale)}
        </Fact>
      </dl>
      <div className={table.scroll}>
        <table className={table.table}>
          <thead>
            <tr>
              <th>{t('preview.class')}</th>
              <th>{t('preview.layout')}</th>
              <th>{t('preview.bears')}</th>
              <th>{t('preview.kept')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.classes.map((item) => (
              <tr key={item.id}>
                <td>{className(item, t)}</td>
                <td data-label={t('preview.layout')}>
                  {item.layoutBefore === item.layoutAfter ? (
                    layoutText(item.layoutAfter, t)
                  ) : (
                    <span>
                      {layoutText(item.layoutBefore, t)} → {layoutText(item.layoutAfter, t)}
                    </span>
                  )}
                </td>
                <td className="num" data-label={t('preview.bears')}>
                  <span>
                    {bears(item.bearsNow)} → {bears(item.bearsDuring)} → {bears(item.bearsAfter)}
                  </span>
                </td>
                <td className="num" data-label={t('preview.kept')}>
                  <span>
                    {days(item.daysBefore, t, locale)} → {days(item.daysAfter, t, locale)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Warning({ bad = false, children }: { bad?: boolean; children: ReactNode }) {
  return (
    <Alert color={bad ? 'red' : 'orange'} variant="light" icon={<AlertIcon />} mb="xs" role="alert">
      {children}
    </Alert>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}
