// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useT } from '../i18n/i18n';

/** A password field whose "show" button speaks the language of the page. */
export function SecretInput(props: PasswordInputProps) {
  const t = useT();
  return <PasswordInput visibilityToggleButtonProps={{ 'aria-label': t('common.showSecret') }} {...props} />;
}
