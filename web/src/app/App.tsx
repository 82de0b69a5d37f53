// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Center, Loader } from '@mantine/core';
import { useSession } from '../api/queries';
import { useT } from '../i18n/i18n';
import { Login } from '../session/Login';
import { Setup } from '../session/Setup';
import { Unreachable } from '../session/Unreachable';
import { usePlace } from './router';
import { Shell } from './Shell';

/** Decides who sees what: setup by its one-time link, login without a session, everything else with one. */
export function App() {
  const place = usePlace();
  const session = useSession();
  const t = useT();

  if (place.path === '/setup') return <Setup />;
  if (session.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label={t('common.loading')} />
      </Center>
    );
  }
  // A session that was there stays on screen while the server is away: the shell says so and everything reconnects.
  if (session.isError && !session.data?.user) return <Unreachable error={session.error} onRetry={session.refetch} />;
  return session.data?.user ? <Shell user={session.data.user} /> : <Login />;
}
