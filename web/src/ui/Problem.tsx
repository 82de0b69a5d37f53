// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Alert } from '@mantine/core';
import { ApiError } from '../api/client';
import { type Translate, useT } from '../i18n/i18n';
import { AlertIcon } from './icons';

/** What went wrong, in a sentence: the server's own words where it gave some. */
export function problemText(error: unknown, t: Translate): string {
  if (error instanceof ApiError) return error.status === 0 ? t('error.unreachable') : error.message;
  return error instanceof Error ? error.message : String(error);
}

export function Problem({ error }: { error: unknown }) {
  const t = useT();
  if (!error) return null;
  return (
    <Alert color="red" variant="light" icon={<AlertIcon />} role="alert">
      {problemText(error, t)}
    </Alert>
  );
}
