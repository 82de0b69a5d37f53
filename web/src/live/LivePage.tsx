// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Button, Loader, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { type CSSProperties, useRef, useState } from 'react';
import { useCameras } from '../api/queries';
import { Link } from '../app/Link';
import { useShortcuts } from '../app/shortcuts';
import { useT } from '../i18n/i18n';
import { toggleFullScreen } from '../ui/fullScreen';
import { FullscreenIcon, NextIcon, PreviousIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import { useStored } from '../ui/useStored';
import { CameraChooser } from './CameraChooser';
import classes from './Live.module.css';
import { Tile } from './Tile';
import { chosenOf, clampPage, columnsOf, type Layout, layouts, pageAfter, pageCount } from './wall';

const isLayout = (value: unknown): value is Layout => layouts.includes(value as Layout);
const isChoice = (value: unknown): value is string[] | null =>
  value === null || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/** The wall of live pictures. Only the cameras of the shown page have a connection. */
export function LivePage() {
  const t = useT();
  const { data, error } = useCameras();
  const [layout, setLayout] = useStored<Layout>('rookery.wall.layout', 4, isLayout);
  const [chosen, setChosen] = useStored<string[] | null>('rookery.wall.cameras', null, isChoice);
  const [wishedPage, setPage] = useState(0);
  // One picture in full size, reached by a double click, without losing the wall behind it.
  const [single, setSingle] = useState<string>();
  const wall = useRef<HTMLDivElement>(null);

  const all = data?.filter((camera) => !camera.removed) ?? [];
  const cameras = chosenOf(all, chosen);
  const one = single === undefined ? undefined : all.find((camera) => camera.id === single);
  const page = clampPage(wishedPage, cameras.length, layout);
  const pages = pageCount(cameras.length, layout);
  const shown = one ? [one] : cameras.slice(page * layout, (page + 1) * layout);
  const columns = one ? 1 : columnsOf(layout);

  const choose = (next: Layout) => {
    setPage(pageAfter(page, layout, next));
    setLayout(next);
    setSingle(undefined);
  };
  const turn = (step: number) => {
    setSingle(undefined);
    setPage((page + step + pages) % pages);
  };
  useShortcuts({
    '1': () => choose(1),
    '4': () => choose(4),
    '9': () => choose(9),
    '6': () => choose(16),
    ArrowLeft: () => turn(-1),
    ArrowRight: () => turn(1),
    Escape: one && (() => setSingle(undefined)),
    f: () => toggleFullScreen(wall.current),
  });

  if (!data) return error ? <Problem error={error} /> : <Loader m="md" aria-label={t('common.loading')} />;
  if (all.length === 0) {
    return (
      <div className={classes.empty}>
        <Text c="dimmed">{t('camera.none')}</Text>
        <Button component={Link} to="/cameras">
          {t('nav.cameras')}
        </Button>
      </div>
    );
  }

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('live.layout')}
          value={String(layout)}
          onChange={(value) => choose(Number(value) as Layout)}
          data={layouts.map(String)}
        />
        <CameraChooser cameras={all} chosen={chosen} onChoose={setChosen} />
        <div className={classes.pager}>
          {pages > 1 && (
            <>
              <ActionIcon aria-label={t('live.previous')} onClick={() => turn(-1)}>
                <PreviousIcon />
              </ActionIcon>
              <span className="num" aria-live="polite">
                {t('live.pageOf', { page: page + 1, pages })}
              </span>
              <ActionIcon aria-label={t('live.next')} onClick={() => turn(1)}>
                <NextIcon />
              </ActionIcon>
            </>
          )}
          <Tooltip label={t('live.fullScreenWall')}>
            <ActionIcon
              className={classes.wide ?? ''}
              aria-label={t('live.fullScreenWall')}
              onClick={() => toggleFullScreen(wall.current)}
            >
              <FullscreenIcon />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      <div
        ref={wall}
        className={classes.wall}
        style={{ '--columns': columns } as CSSProperties}
        data-layout={one ? 1 : layout}
      >
        {shown.map((camera) => (
          <Tile
            key={camera.id}
            camera={camera}
            onToggleSingle={() => setSingle(one ? undefined : camera.id)}
            small={columns > 2}
          />
        ))}
      </div>
    </div>
  );
}
