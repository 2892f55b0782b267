import { afterAll, expect, it, vi } from 'vitest';
import { setLanguage, t } from './index.ts';

afterAll(() => setLanguage('ru'));

it('says plain texts without a word in the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await setLanguage('en');
  expect(t('Далее')).toBe('Next');
  await setLanguage('ru');
  expect(t('Далее', {})).toBe('Далее');
  expect(warn).not.toHaveBeenCalled();
});
