// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Loader, Stack, Text } from '@mantine/core';
import { type TestResult, type TestTrack, testSteps } from '../api/types';
import { type Translate, useT } from '../i18n/i18n';
import { CheckIcon, CrossIcon, DotIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import classes from './Cameras.module.css';
import { codecName } from './describe';

interface Props {
  running: boolean;
  result: TestResult | undefined;
  error: unknown;
}

/** The answer to "Test connection": what works, where it fails and what to do, step by step as the camera was asked. */
export function Diagnosis({ running, result, error }: Props) {
  const t = useT();
  if (running) {
    return (
      <Text fz="sm" c="dimmed" role="status">
        <Loader size="xs" mr="xs" />
        {t('test.running')}
      </Text>
    );
  }
  if (error) return <Problem error={error} />;
  if (!result) return null;

  return (
    <Stack gap="xs" className={classes.diagnosis} role="status" data-test-result={result.ok}>
      <Text fz="sm" fw={600}>
        {result.ok ? t('test.ok') : result.message}
      </Text>
      {!result.ok && result.advice && <Text fz="sm">{result.advice}</Text>}
      {result.ok ? (
        <ul className={classes.steps}>
          {result.tracks.map((track) => (
            <li key={JSON.stringify(track)}>{trackText(track, t)}</li>
          ))}
        </ul>
      ) : (
        <Steps failed={result.step} />
      )}
    </Stack>
  );
}

function Steps({ failed }: { failed: TestResult['step'] }) {
  const t = useT();
  const at = testSteps.indexOf(failed);
  return (
    <ol className={classes.steps}>
      {testSteps.map((step, index) => {
        const [outcome, Icon, style] =
          index < at
            ? (['step.passed', CheckIcon, classes.passed] as const)
            : index === at
              ? (['step.failedHere', CrossIcon, classes.failed] as const)
              : (['step.notReached', DotIcon, classes.waiting] as const);
        return (
          <li key={step} className={style}>
            <Icon size={16} />
            {t(`step.${step}`)}
            <span className={classes.hidden}>: {t(outcome)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function trackText(track: TestTrack, t: Translate): string {
  const codec = codecName(track.codec);
  if (track.width && track.height) {
    const rate = track.frameRate ? Number(track.frameRate.toFixed(1)) : '–';
    return t('test.video', { codec, width: track.width, height: track.height, rate });
  }
  return track.sampleRate ? t('test.audio', { codec, rate: track.sampleRate }) : t('test.other', { codec });
}
