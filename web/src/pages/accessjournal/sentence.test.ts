import { expect, it } from 'vitest';
import type { Line } from './line.ts';
import { origin, sentence } from './sentence.ts';

const names = {
  user: (id: number | null | undefined) => ({ 1: 'Анна', 2: 'Игорь' })[id ?? 0] ?? '',
  type: (code: string) => (code === 'contact' ? 'Контакты' : ''),
};

const line = (kind: string, data: Record<string, unknown> = {}, more: Partial<Line> = {}): Line => ({
  id: 1,
  at: '2026-11-20T10:00:00Z',
  user: 1,
  kind,
  ip: '10.0.0.1',
  browser: 'Firefox',
  os: 'Windows',
  agent: '',
  token: null,
  type: '',
  record: 0,
  title: '',
  data,
  ...more,
});

it.each<[string, Line]>([
  ['входит по паролю и коду из приложения', line('login', { way: 'password', second: 'totp' })],
  ['входит через провайдера', line('login', { way: 'oidc', second: '' })],
  [
    'не может войти: x@y.ru, неверный пароль, 3 раза',
    line('login_failed', { email: 'x@y.ru', reason: 'password', count: 3 }),
  ],
  ['выгружает: Контакты, 21 строку', line('export', { type: 'contact', rows: 21 })],
  ['выгружает: настройки портала', line('export', { type: 'config', rows: 0 })],
  ['скачивает файл «база.csv»', line('export', { type: 'file', rows: 0, filter: 'база.csv' })],
  [
    'меняет настройки: + значения списка (deal, source)',
    line('settings', {
      what: 'POST /api/types/{type}/fields/{field}/values',
      path: '/api/types/deal/fields/source/values',
    }),
  ],
  ['меняет настройки: − /api/new/{id} (7)', line('settings', { what: 'DELETE /api/new/{id}', path: '/api/new/7' })],
  ['меняет роль: Игорь', line('account', { what: 'role', user: 2 })],
  ['меняет пароль', line('account', { what: 'password_changed', user: 1 })],
  ['назначает замещение (кто: Игорь, кого: Анна)', line('rights', { what: 'stand_in_added', user: 2, for: 1 })],
  ['whatever', line('whatever')],
])('%s', (words, given) => {
  expect(sentence(given, names)).toBe(words);
});

it('says by what it was done', () => {
  expect(origin(line('view'))).toBe('10.0.0.1 · Firefox, Windows');
  expect(origin(line('view', {}, { token: { id: 4, title: '1С' } }))).toBe('10.0.0.1 · программа «1С»');
  expect(origin(line('view', {}, { token: { id: 4, title: '' }, ip: '' }))).toBe('программа с отозванным токеном 4');
});
