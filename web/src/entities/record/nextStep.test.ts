import { expect, it } from 'vitest';
import { setZone } from '~/i18n/format.ts';
import { nextStep } from './nextStep.ts';

const now = Date.parse('2026-11-19T12:00:00Z');
setZone('Europe/Moscow');

it.each([
  [{}, { form: 'none' }],
  [
    { next_at: '2026-11-19T12:30:00Z', next_title: 'Перезвонить' },
    { form: 'today', title: 'Перезвонить', when: '15:30' },
  ],
  [
    { next_at: '2026-11-17T12:00:00Z', next_title: 'Уточнить' },
    { form: 'late', title: 'Уточнить', when: '2 дня' },
  ],
  [
    { next_at: '2026-11-25T07:00:00Z', next_title: 'Встреча' },
    { form: 'planned', title: 'Встреча', when: 'ср,\u00A010:00' },
  ],
])('%o', (record, form) => {
  expect(nextStep(record, now)).toEqual(form);
});
