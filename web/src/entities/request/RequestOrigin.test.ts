import { expect, it } from 'vitest';
import type { RecordType } from '~/api/types.ts';
import { sentName, sentText } from './RequestOrigin.tsx';

const type = {
  code: 'lead',
  fields: [
    {
      code: 'system',
      kind: 'list',
      title_ru: 'Система',
      title_en: 'System',
      values: [{ code: 'alarm', title_ru: 'Сигнализация', title_en: 'Alarm' }],
    },
  ],
} as unknown as RecordType;

it('calls fields and options by their titles, the rest as it was sent', () => {
  expect(sentName(type, 'system')).toBe('Система');
  expect(sentText(type, 'system', 'alarm')).toBe('Сигнализация');
  expect(sentText(type, 'system', ['alarm', 'other'])).toBe('Сигнализация, other');
  expect(sentName(type, 'phone')).toBe('Телефон');
  expect(sentName(type, 'colour')).toBe('colour');
  expect(sentText(type, 'colour', 7)).toBe('7');
});
