// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Text } from '@mantine/core';
import { useT } from '../i18n/i18n';
import { Frame } from './Frame';

/** Somebody opened the page before the administrator exists: the link with the token is on the server's console. */
export function SetupNeeded() {
  const t = useT();
  return (
    <Frame title={t('setup.title')}>
      <Text c="dimmed" fz="sm">
        {t('setup.needed')}
      </Text>
    </Frame>
  );
}
