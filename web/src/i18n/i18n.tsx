// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import en from '../locales/en.json';
import zh from '../locales/zh.json';

export type TextKey = keyof typeof en;
export type Language = 'en' | 'zh';
export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

const texts: Record<Language, Record<TextKey, string>> = { en, zh };
const storageKey = 'rookery.language';

/** Puts values into a text: `{name}` is replaced by the value of that name, an unknown name stays as it is. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Chinese when the first wish of the browser that we have is Chinese, English otherwise. */
export function choose(stored: string | null, wishes: readonly string[]): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  const first = wishes.map((wish) => wish.slice(0, 2).toLowerCase()).find((wish) => wish === 'en' || wish === 'zh');
  return first === 'zh' ? 'zh' : 'en';
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

interface I18n {
  language: Language;
  /** The BCP 47 name for dates and numbers. */
  locale: string;
  setLanguage: (language: Language) => void;
  t: Translate;
}

const Context = createContext<I18n | undefined>(undefined);

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => choose(stored(), navigator.languages));

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);

  const value = useMemo<I18n>(
    () => ({
      language,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      setLanguage: (next) => {
        setLanguage(next);
        try {
          localStorage.setItem(storageKey, next);
        } catch {
          // A full or forbidden storage loses the preference, nothing else.
        }
      },
      t: (key, values) => fill(texts[language][key], values),
    }),
    [language],
  );
  return <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error('useI18n needs an I18nProvider above it');
  return value;
}

export const useT = (): Translate => useI18n().t;
