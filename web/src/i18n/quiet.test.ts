import { afterAll, expect, it, vi } from 'vitest';
import { setLanguage, t } from './index.ts';

afterAll(() => setLanguage('ru'));

it('says plain texts without a word in the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await setLanguage('en');
  expect(t('Отмена')).toBe('Cancel');
  await setLanguage('ru');
  expect(t('Отмена', {})).toBe('Отмена');
  expect(warn).not.toHaveBeenCalled();
});
