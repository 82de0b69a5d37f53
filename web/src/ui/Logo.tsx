// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Group, Text } from '@mantine/core';

export function Logo({ compact = false }: { compact?: boolean }) {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/icon.svg" width={24} height={24} alt={compact ? 'Rookery' : ''} />
      {!compact && (
        <Text fw={600} fz="md">
          Rookery
        </Text>
      )}
    </Group>
  );
}
