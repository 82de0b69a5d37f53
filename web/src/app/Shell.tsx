// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Alert, Menu, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../api/client';
import { useServerEvents } from '../api/events';
import { keys } from '../api/queries';
import { CameraPage } from '../cameras/CameraPage';
import { type TextKey, useT } from '../i18n/i18n';
import { LivePage } from '../live/LivePage';
import { StoragePage } from '../storage/StoragePage';
import { StatusStrip } from '../system/StatusStrip';
import { SystemPage } from '../system/SystemPage';
import { CameraIcon, DiskIcon, HelpIcon, SystemIcon, TimelineIcon, UserIcon, WallIcon } from '../ui/icons';
import { Logo } from '../ui/Logo';
import { Link } from './Link';
import { Preferences } from './Preferences';
import { usePlace } from './router';
import { SectionBoundary } from './SectionBoundary';
import classes from './Shell.module.css';
import { ShortcutHelp } from './ShortcutHelp';
import { useShortcuts } from './shortcuts';

// Playback brings hls.js along, more than half of all code: it comes when it is needed.
const PlaybackPage = lazy(() => import('../playback/PlaybackPage'));

const sections: { path: string; text: TextKey; icon: typeof WallIcon }[] = [
  { path: '', text: 'nav.live', icon: WallIcon },
  { path: 'playback', text: 'nav.playback', icon: TimelineIcon },
  { path: 'cameras', text: 'nav.cameras', icon: CameraIcon },
  { path: 'storage', text: 'nav.storage', icon: DiskIcon },
  { path: 'system', text: 'nav.system', icon: SystemIcon },
];

export function Shell({ user }: { user: string }) {
  const t = useT();
  const place = usePlace();
  const section = place.parts[0] ?? '';
  const connected = useServerEvents();
  const [help, setHelp] = useState(false);
  useShortcuts({ '?': () => setHelp((open) => !open) });

  return (
    <div className={classes.shell}>
      <header className={classes.header}>
        <Link to="/" className={classes.home}>
          <Logo />
        </Link>
        <nav className={classes.nav} aria-label={t('nav.label')}>
          {sections.map(({ path, text, icon: Icon }) => (
            <Link key={path} to={`/${path}`} aria-current={section === path ? 'page' : undefined}>
              <Icon />
              <span>{t(text)}</span>
            </Link>
          ))}
        </nav>
        <StatusStrip />
        <div className={classes.tools}>
          <Tooltip label={t('help.button')}>
            <ActionIcon
              size="lg"
              className={classes.help ?? ''}
              aria-label={t('help.button')}
              onClick={() => setHelp(true)}
            >
              <HelpIcon />
            </ActionIcon>
          </Tooltip>
          <Preferences />
          <UserMenu user={user} />
        </div>
      </header>
      {!connected && (
        <Alert color="orange" variant="light" radius={0} py={6} role="status">
          {t('error.connectionLost')}
        </Alert>
      )}
      <main className={classes.main}>
        <SectionBoundary key={section}>
          <Suspense>
            {section === '' && <LivePage />}
            {section === 'playback' && <PlaybackPage />}
            {section === 'cameras' && <CameraPage />}
            {section === 'storage' && <StoragePage />}
            {section === 'system' && <SystemPage />}
            {!sections.some(({ path }) => path === section) && <p>{t('error.noPage')}</p>}
          </Suspense>
        </SectionBoundary>
      </main>
      <ShortcutHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function UserMenu({ user }: { user: string }) {
  const t = useT();
  const client = useQueryClient();
  const logout = useMutation({
    mutationFn: api.logout,
    onSuccess: () => client.setQueryData(keys.session, { user: null }),
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t('user.button', { user })}>
          <UserIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user}</Menu.Label>
        <Menu.Item onClick={() => logout.mutate()}>{t('user.logout')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
