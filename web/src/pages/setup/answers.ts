import type { Me } from '~/api/types.ts';

/** The questions of the first run in their order. */
export const STEPS = ['company', 'admin', 'way', 'people'] as const;
export type Step = (typeof STEPS)[number];

export interface Person {
  name: string;
  email: string;
  role: Me['role'];
}

export interface Answers {
  code: string;
  company: string;
  language: 'ru' | 'en';
  zone: string;
  currency: string;
  name: string;
  email: string;
  password: string;
  simple: boolean;
  people: Person[];
  /** Code of the ready business to begin with; '' for a blank portal. */
  business: string;
  /** How long an offer may be taken, in minutes; 0 for no drum. */
  take: number;
}

export interface StepProps {
  answers: Answers;
  put: (more: Partial<Answers>) => void;
  errors: Record<string, string>;
}

const fields: Record<string, Step> = {
  code: 'company',
  company: 'company',
  language: 'company',
  zone: 'company',
  currency: 'company',
  name: 'admin',
  email: 'admin',
  password: 'admin',
  simple: 'way',
  business: 'way',
  take_minutes: 'way',
  people: 'people',
};

/** The question a field of the server's answer belongs to. */
export function stepOf(field: string): number | undefined {
  const step = fields[field.split(/[.[]/)[0] ?? ''];
  return step && STEPS.indexOf(step);
}

/** What can be guessed before the first question; answers given before the language changed come back. */
export function firstAnswers(language: 'ru' | 'en'): Answers {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/Moscow';
  const guess: Answers = {
    code: new URLSearchParams(location.search).get('code') ?? '',
    company: '',
    language,
    zone: zone === 'UTC' ? 'Europe/Moscow' : zone,
    currency: language === 'ru' ? 'RUB' : 'USD',
    name: '',
    email: '',
    password: '',
    simple: false,
    people: [],
    business: '',
    take: 30,
  };
  try {
    return { ...guess, ...(JSON.parse(sessionStorage.getItem('voronka.setup') ?? '{}') as Partial<Answers>), language };
  } catch {
    return guess;
  }
}

/** The time zones offered: those of the browser's own list, or the usual ones. */
export function zones(): string[] {
  const list = (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone');
  return list?.length
    ? list
    : [
        'Europe/Kaliningrad',
        'Europe/Moscow',
        'Europe/Samara',
        'Asia/Yekaterinburg',
        'Asia/Omsk',
        'Asia/Krasnoyarsk',
        'Asia/Irkutsk',
        'Asia/Yakutsk',
        'Asia/Vladivostok',
        'Europe/London',
        'Europe/Berlin',
        'America/New_York',
      ];
}
