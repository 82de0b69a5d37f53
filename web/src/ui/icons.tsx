// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from 'react';

// The few pictures that the page needs, drawn on a 24 × 24 grid; decoration only: the button around them has the name.
function icon(paths: ReactNode) {
  return function Icon({ size = 18 }: { size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {paths}
      </svg>
    );
  };
}

export const WallIcon = icon(<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z" />);
export const TimelineIcon = icon(<path d="M3 12h18M6 9v6M11 7v10M16 9v6M20 10v4" />);
export const CameraIcon = icon(<path d="M3 7h12v10H3zM15 11l6-3v8l-6-3" />);
export const SystemIcon = icon(<path d="M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01" />);
export const DiskIcon = icon(
  <path d="M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3zM4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3" />,
);
export const SunIcon = icon(
  <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5" />,
);
export const MoonIcon = icon(<path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.500 10.500z" />);
export const AutoIcon = icon(
  <>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
  </>,
);
export const LanguageIcon = icon(
  <path d="M3 6h10M8 4v2M11 6c-1 4-4 7-8 8M5 9c1 2 4 5 7 5M12 20l4.500-10L21 20M13.600 16.500h5.800" />,
);
export const UserIcon = icon(<path d="M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-5.500 8-5.500s7 1.500 8 5.500" />);
export const HelpIcon = icon(<path d="M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500h.01" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const MinusIcon = icon(<path d="M5 12h14" />);
export const EditIcon = icon(<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4" />);
export const TrashIcon = icon(<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5" />);
export const PlayIcon = icon(<path d="M8 5v14l11-7z" fill="currentColor" />);
export const PauseIcon = icon(<path d="M8 5v14M16 5v14" strokeWidth="3" />);
export const StepForwardIcon = icon(<path d="M7 5v14l8-7zM18 5v14" />);
export const StepBackIcon = icon(<path d="M17 5v14l-8-7zM6 5v14" />);
export const NextIcon = icon(<path d="M9 5l7 7-7 7" />);
export const PreviousIcon = icon(<path d="M15 5l-7 7 7 7" />);
export const NextSpanIcon = icon(<path d="M4 6l6 6-6 6M12 6l6 6-6 6M21 5v14" />);
export const PreviousSpanIcon = icon(<path d="M20 6l-6 6 6 6M12 6l-6 6 6 6M3 5v14" />);
export const FullscreenIcon = icon(<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />);
export const DownloadIcon = icon(<path d="M12 4v11M7 10.500l5 5 5-5M4 20h16" />);
export const HoldIcon = icon(<path d="M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3" />);
export const PictureIcon = icon(
  <>
    <path d="M4 7h4l1.500-2h5L16 7h4v12H4z" />
    <circle cx="12" cy="13" r="3.200" />
  </>,
);
export const SoundIcon = icon(
  <path d="M4 9.500v5h3.500L12 18V6L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11" />,
);
export const MuteIcon = icon(<path d="M4 9.500v5h3.500L12 18V6L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5" />);
export const MarkInIcon = icon(<path d="M10 5H6v14h4M11 12h8M15 8l4 4-4 4" />);
export const MarkOutIcon = icon(<path d="M14 5h4v14h-4M13 12H5M9 8l-4 4 4 4" />);
export const AlertIcon = icon(<path d="M12 4 2.500 20h19zM12 10v4M12 17h.01" />);
export const CheckIcon = icon(<path d="M5 12.500l4.500 4.500L19 7.500" />);
export const CrossIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const DotIcon = icon(<circle cx="12" cy="12" r="3" fill="currentColor" stroke="none" />);
