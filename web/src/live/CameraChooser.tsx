// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, Popover, ScrollArea, Stack } from '@mantine/core';
import type { Camera } from '../api/types';
import { useT } from '../i18n/i18n';
import { CameraIcon } from '../ui/icons';
import classes from './Live.module.css';

interface Props {
  cameras: Camera[];
  /** null: all, also those that are added later. */
  chosen: string[] | null;
  onChoose: (chosen: string[] | null) => void;
}

export function CameraChooser({ cameras, chosen, onChoose }: Props) {
  const t = useT();
  const ids = cameras.map((camera) => camera.id);
  const checked = new Set(chosen ?? ids);
  const count = chosen === null ? cameras.length : ids.filter((id) => checked.has(id)).length;

  const toggle = (id: string) => {
    const next = ids.filter((other) => (other === id ? !checked.has(id) : checked.has(other)));
    onChoose(next.length === ids.length ? null : next);
  };
  return (
    <Popover position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" px="xs" aria-label={t('live.cameras', { count, total: cameras.length })}>
          <CameraIcon />
          <span className={classes.wide}>&nbsp;{t('nav.cameras')}</span>
          <span className="num">&nbsp;{`${count}/${cameras.length}`}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <ScrollArea.Autosize mah={320} type="auto">
            <Stack gap={8} pr="sm">
              {cameras.map((camera) => (
                <Checkbox
                  key={camera.id}
                  size="xs"
                  label={camera.name}
                  checked={checked.has(camera.id)}
                  onChange={() => toggle(camera.id)}
                />
              ))}
            </Stack>
          </ScrollArea.Autosize>
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={() => onChoose(null)}>
              {t('live.all')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => onChoose([])}>
              {t('live.none')}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
