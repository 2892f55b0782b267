import { fireEvent, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { matches, press, useAction } from './actions.ts';

function Page({ run, keys }: { run: () => void; keys: string }) {
  useAction({ id: 'test', title: 'Проба', group: 'Проба', key: keys, run });
  return <input aria-label="Поле" />;
}

beforeEach(() => document.addEventListener('keydown', press));
afterEach(() => document.removeEventListener('keydown', press));

it('finds the key by its place, whatever letter the layout gives it', () => {
  const run = vi.fn();
  render(<Page run={run} keys="KeyC" />);
  fireEvent.keyDown(document.body, { code: 'KeyC', key: 'с' });
  expect(run).toHaveBeenCalledTimes(1);
});

it('leaves letters to a field that is being typed in', () => {
  const run = vi.fn();
  const { getByRole } = render(<Page run={run} keys="KeyC" />);
  fireEvent.keyDown(getByRole('textbox'), { code: 'KeyC', key: 'c' });
  expect(run).not.toHaveBeenCalled();
});

it('keeps Ctrl combinations working in a field, but not its own undo', () => {
  const palette = vi.fn();
  const first = render(<Page run={palette} keys="mod+KeyK" />);
  fireEvent.keyDown(first.getByRole('textbox'), { code: 'KeyK', ctrlKey: true });
  expect(palette).toHaveBeenCalledTimes(1);
  first.unmount();
  const undo = vi.fn();
  const second = render(<Page run={undo} keys="mod+KeyZ" />);
  fireEvent.keyDown(second.getByRole('textbox'), { code: 'KeyZ', ctrlKey: true });
  expect(undo).not.toHaveBeenCalled();
});

it('gives the keys to a dialog that lies over the page', () => {
  const run = vi.fn();
  render(
    <>
      <Page run={run} keys="Escape" />
      <div role="dialog" aria-label="Вопрос" />
    </>,
  );
  fireEvent.keyDown(document.body, { code: 'Escape' });
  expect(run).not.toHaveBeenCalled();
});

it('asks for exactly the modifiers named', () => {
  const event = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  expect(matches(event({ code: 'KeyK', ctrlKey: true }), 'mod+KeyK')).toBe(true);
  expect(matches(event({ code: 'KeyK', ctrlKey: true, shiftKey: true }), 'mod+KeyK')).toBe(false);
  expect(matches(event({ code: 'KeyK' }), 'mod+KeyK')).toBe(false);
});

it('leaves the Escape that closes a dialog to the dialog', () => {
  const back = vi.fn();
  render(<Page run={back} keys="Escape" />);
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  document.body.append(dialog);
  const close = () => dialog.remove();
  window.addEventListener('keydown', close, { capture: true, once: true });
  fireEvent.keyDown(document.body, { code: 'Escape', key: 'Escape' });
  expect(document.contains(dialog)).toBe(false);
  expect(back).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { code: 'Escape', key: 'Escape' });
  expect(back).toHaveBeenCalledTimes(1);
});
