// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Center, Group, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Preferences } from '../app/Preferences';
import { Logo } from '../ui/Logo';

/** The small card in the middle that setup, login and "no answer" share. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center mih="100%" p="md" component="main">
      <Paper w="100%" maw={380} p="xl" withBorder bg="var(--surface)">
        <Stack gap="lg">
          <Group justify="space-between" wrap="nowrap">
            <Logo />
            <Group gap={4}>
              <Preferences />
            </Group>
          </Group>
          <Title order={1}>{title}</Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
