// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Loader, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useCameras } from '../api/queries';
import { go, usePlace } from '../app/router';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { Playback } from './Playback';

/** `/playback/ID?at=TIME`: which camera, and where to begin. Without an id the first camera. */
export default function PlaybackPage() {
  const t = useT();
  const place = usePlace();
  const { data: cameras, error } = useCameras();
  const id = place.parts[1];
  const camera = cameras?.find((item) => item.id === id);
  const first = cameras?.find((item) => !item.removed) ?? cameras?.[0];

  useEffect(() => {
    if (!camera && first) go(`/playback/${encodeURIComponent(first.id)}`, { replace: true });
  }, [camera, first]);

  if (!cameras) return error ? <Problem error={error} /> : <Loader m="md" aria-label={t('common.loading')} />;
  if (!camera) {
    return (
      <Text c="dimmed" p="xl" ta="center">
        {t('camera.none')}
      </Text>
    );
  }
  const wished = Date.parse(place.query.get('at') ?? '');
  const beginAt = Number.isNaN(wished) ? undefined : wished;
  return <Playback key={`${camera.id} ${beginAt}`} camera={camera} cameras={cameras} beginAt={beginAt} />;
}
