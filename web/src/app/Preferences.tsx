// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, type MantineColorScheme, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { type Language, useI18n } from '../i18n/i18n';
import { AutoIcon, LanguageIcon, MoonIcon, SunIcon } from '../ui/icons';

const schemes = { auto: AutoIcon, light: SunIcon, dark: MoonIcon };
const nextScheme: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const languages: Record<Language, string> = { en: 'English', zh: '中文' };

/** Language and colour scheme: two small buttons that are on every page, also before the login. */
export function Preferences() {
  const { language, setLanguage, t } = useI18n();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const SchemeIcon = schemes[colorScheme];
  const schemeLabel = t('theme.button', { theme: t(`theme.${colorScheme}`) });

  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t('language.button')}>
            <LanguageIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(languages) as Language[]).map((item) => (
            <Menu.Item
              key={item}
              lang={item}
              fw={item === language ? 600 : 400}
              aria-current={item === language}
              onClick={() => setLanguage(item)}
            >
              {languages[item]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={schemeLabel}>
        <ActionIcon size="lg" aria-label={schemeLabel} onClick={() => setColorScheme(nextScheme[colorScheme])}>
          <SchemeIcon />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
