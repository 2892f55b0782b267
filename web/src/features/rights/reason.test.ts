import { expect, it } from 'vitest';
import type { Reason } from '~/entities/role/role.ts';
import { reasonText } from './reason.ts';

const names = {
  who: 'Анна',
  person: (id: number | null | undefined) => (id === 2 ? 'Дарья' : ''),
  department: () => 'Москва',
  pipeline: () => 'Тендеры',
  stage: () => 'Смета',
};
const facts = { pipeline: 1, stage: 2, responsible: 2, department: 3, observers: [] };
const reason = (more: Partial<Reason>): Reason => ({
  role: { id: 1, title: 'Роль' },
  line: 1,
  scope: 'own',
  deny: false,
  holds: false,
  misses: 'scope',
  ...more,
});

it.each([
  [reason({}), 'За запись отвечает Дарья.'],
  [reason({ holds: true, misses: '' }), 'За запись отвечает Анна.'],
  [reason({ scope: 'observed' }), 'Анна не наблюдает за записью.'],
  [reason({ scope: 'department' }), 'Запись другого отдела: «Москва».'],
  [reason({ scope: 'below', nobody: true }), 'Анна не состоит ни в одном отделе.'],
  [reason({ scope: 'led' }), 'Анна не руководит отделом «Москва».'],
  [reason({ scope: 'led', nobody: true }), 'Анна не руководит отделами.'],
  [reason({ scope: 'led', holds: true, misses: '' }), 'Анна руководит отделом «Москва» или отделом над ним.'],
  [reason({ misses: 'stage' }), 'Запись на стадии «Смета», а строка о других.'],
  [reason({ misses: 'pipeline' }), 'Запись в воронке «Тендеры», а строка о других.'],
  [reason({ role: null, scope: 'all', holds: true }), 'Анна, администратор, может всё.'],
  [reason({ scope: 'all', holds: true, misses: '' }), 'Строка обо всех записях.'],
])('%j', (line, text) => {
  expect(reasonText(line, facts, names)).toBe(text);
});

it('speaks to oneself, and of what nobody has', () => {
  const own = { ...names, who: '' };
  expect(reasonText(reason({}), { ...facts, responsible: null }, own)).toBe('За запись никто не отвечает.');
  expect(reasonText(reason({ scope: 'department' }), { ...facts, department: null }, own)).toBe(
    'Запись не относится ни к одному отделу.',
  );
  expect(reasonText(reason({ scope: 'observed', holds: true, misses: '' }), facts, own)).toBe(
    'Вы наблюдаете за записью.',
  );
  expect(reasonText(reason({ misses: 'stage' }), facts, { ...own, moves: true })).toBe(
    'Строка о переносе на другие стадии.',
  );
});
