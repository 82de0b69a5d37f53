// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { go } from '../app/router';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { SecretInput } from '../ui/SecretInput';
import { Frame } from './Frame';
import { longestPassword, passwordFault, shortestPassword } from './password';

/** First start: the one-time link `/setup#TOKEN` leads here. The token is in the fragment so that no log ever has it. */
export function Setup() {
  const t = useT();
  const client = useQueryClient();
  const [token] = useState(() => window.location.hash.slice(1));
  const [user, setUser] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [touched, setTouched] = useState(false);
  const setup = useMutation({
    mutationFn: () => api.setup(token, user, password),
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      client.setQueryData(keys.setup, { required: false });
      go('/', { replace: true });
    },
  });
  const fault = passwordFault(password, again);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!fault) setup.mutate();
  };
  const lengths = { shortest: shortestPassword, longest: longestPassword };

  return (
    <Frame title={t('setup.title')}>
      {token === '' ? (
        <Text c="dimmed" fz="sm">
          {t('setup.needed')}
        </Text>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text c="dimmed" fz="sm">
              {t('setup.intro')}
            </Text>
            <TextInput
              label={t('login.user')}
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              required
              withAsterisk={false}
            />
            <SecretInput
              label={t('login.password')}
              description={t('setup.passwordHint', lengths)}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={touched && fault === 'length' && t('setup.passwordLength', lengths)}
              autoComplete="new-password"
              autoFocus
            />
            <SecretInput
              label={t('setup.again')}
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
              error={touched && fault === 'different' && t('setup.different')}
              autoComplete="new-password"
            />
            <Problem error={setup.error} />
            <Button type="submit" loading={setup.isPending}>
              {t('setup.submit')}
            </Button>
          </Stack>
        </form>
      )}
    </Frame>
  );
}
