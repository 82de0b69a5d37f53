// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError, api } from '../api/client';
import { keys } from '../api/queries';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { SecretInput } from '../ui/SecretInput';
import { Frame } from './Frame';
import { SetupNeeded } from './SetupNeeded';

export function Login() {
  const t = useT();
  const client = useQueryClient();
  const setup = useQuery({ queryKey: keys.setup, queryFn: api.setupRequired });
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => api.login(user, password),
    onSuccess: (session) => {
      // Whatever an earlier user had on screen is not for this one.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      client.setQueryData(keys.session, session);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  if (setup.data?.required) return <SetupNeeded />;

  const wrong = login.error instanceof ApiError && login.error.status === 401;
  return (
    <Frame title={t('login.title')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('login.user')}
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
          />
          <SecretInput
            label={t('login.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Problem error={wrong ? new Error(t('login.wrong')) : login.error} />
          <Button type="submit" loading={login.isPending}>
            {t('login.submit')}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
