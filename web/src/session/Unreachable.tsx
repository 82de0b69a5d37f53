// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack } from '@mantine/core';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { Frame } from './Frame';

export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  return (
    <Frame title={t('error.noAnswer')}>
      <Stack>
        <Problem error={error} />
        <Button variant="default" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      </Stack>
    </Frame>
  );
}
