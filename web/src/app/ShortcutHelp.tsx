// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Group, Kbd, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { type TextKey, useT } from '../i18n/i18n';

const groups: { title: TextKey; keys: [string[], TextKey][] }[] = [
  {
    title: 'nav.live',
    keys: [
      [['1', '4', '9', '6'], 'help.layout'],
      [['←', '→'], 'help.page'],
      [['f'], 'help.fullScreen'],
    ],
  },
  {
    title: 'nav.playback',
    keys: [
      [['Space'], 'help.playPause'],
      [['←', '→'], 'help.seek'],
      [['Shift', '←', '→'], 'help.pan'],
      [[',', '.'], 'help.step'],
      [['+', '−'], 'help.zoom'],
      [['PgUp', 'PgDn'], 'help.span'],
      [['i', 'o'], 'help.mark'],
      [['d'], 'help.download'],
      [['f'], 'help.fullScreen'],
    ],
  },
  { title: 'help.everywhere', keys: [[['?'], 'help.this']] },
];

export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="lg">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <Title order={2} fz="sm" mb={4}>
              {t(title)}
            </Title>
            <Table withRowBorders={false} verticalSpacing={4}>
              <Table.Tbody>
                {keys.map(([names, text]) => (
                  <Table.Tr key={text}>
                    <Table.Td w={150} pl={0}>
                      <Group gap={4}>
                        {names.map((name) => (
                          <Kbd key={name}>{name}</Kbd>
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      <Text fz="sm">{t(text)}</Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        ))}
      </Stack>
    </Modal>
  );
}
