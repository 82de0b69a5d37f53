// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Stack } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';

/** Keeps a fault of one section from taking the whole page with it: says what it was and offers to draw it anew. */
export class SectionBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Fault error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}

function Fault({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  return (
    <Stack p="md" align="flex-start">
      <Problem error={error} />
      <Button variant="default" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </Stack>
  );
}
