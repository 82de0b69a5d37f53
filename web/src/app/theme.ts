// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { createTheme, type MantineColorsTuple } from '@mantine/core';

// One quiet accent on neutral greys, so that the pictures and the few signal colours (recording, fault) stand out.
const accent: MantineColorsTuple = [
  '#e6f6f7',
  '#d3e9eb',
  '#aad3d7',
  '#7ebbc1',
  '#5aa7af',
  '#429ba4',
  '#2f8a94',
  '#1f7680',
  '#0c656e',
  '#00545d',
];

const dark: MantineColorsTuple = [
  '#d3d8db',
  '#b4bbc0',
  '#949ca2',
  '#6c757c',
  '#3a4248',
  '#2b3237',
  '#20262a',
  '#171c1f',
  '#101416',
  '#0a0d0e',
];

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: 7,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif",
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' } } },
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.5 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
  },
});
