import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { InlineField } from './InlineField.tsx';

type Save = (value: string) => Promise<void> | void;

/** Two fields of a card, as the owner of the data draws them: a saved value comes back through props. */
function Card({ save = () => {} }: { save?: Save }) {
  const [values, setValues] = useState({ Сумма: '100', Площадь: '3200' });
  return (
    <div data-inline-group>
      {(Object.keys(values) as (keyof typeof values)[]).map((name) => (
        <InlineField
          key={name}
          label={name}
          value={values[name]}
          onSave={async (value) => {
            await save(value);
            setValues((old) => ({ ...old, [name]: value }));
          }}
          display={(value) => value}
          editor={({ value, onChange, inputProps }) => (
            <input {...inputProps} value={value} onChange={(event) => onChange(event.target.value)} />
          )}
        />
      ))}
      <button type="button">Снаружи</button>
    </div>
  );
}

const field = (name: string) => screen.getByRole('button', { name: new RegExp(`^${name}`) });

describe('InlineField', () => {
  it('saves by Enter and gives the focus back to the field it came from', async () => {
    const save = vi.fn<Save>();
    render(<Card save={save} />);
    field('Сумма').focus();
    await userEvent.keyboard('{Enter}');
    expect(screen.getByRole('textbox', { name: 'Сумма' })).toHaveFocus();
    await userEvent.keyboard('{Control>}a{/Control}250{Enter}');
    await waitFor(() => expect(field('Сумма')).toHaveFocus());
    expect(save).toHaveBeenCalledTimes(1);
    expect(save.mock.calls[0]?.[0]).toContain('250');
    expect(field('Сумма').textContent).toContain('250');
  });

  it('forgets by Esc, saves nothing and gives the focus back', async () => {
    const save = vi.fn<Save>();
    render(<Card save={save} />);
    await userEvent.click(field('Сумма'));
    await userEvent.keyboard('999{Escape}');
    expect(field('Сумма')).toHaveFocus();
    expect(field('Сумма').textContent).toContain('100');
    expect(save).not.toHaveBeenCalled();
  });

  it('goes on by Tab: saves and opens the next field', async () => {
    const save = vi.fn<Save>();
    render(<Card save={save} />);
    await userEvent.click(field('Сумма'));
    await userEvent.keyboard('5{Tab}');
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Площадь' })).toHaveFocus());
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('goes back by Shift+Tab', async () => {
    render(<Card />);
    await userEvent.click(field('Площадь'));
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Сумма' })).toHaveFocus());
  });

  it('saves when the click goes outside and lets the focus go there', async () => {
    const save = vi.fn<Save>();
    render(<Card save={save} />);
    await userEvent.click(field('Сумма'));
    await userEvent.keyboard('7');
    await userEvent.click(screen.getByText('Снаружи'));
    expect(save).toHaveBeenCalledTimes(1);
    expect(screen.getByText('Снаружи')).toHaveFocus();
  });

  it('asks nothing of the server when nothing changed', async () => {
    const save = vi.fn<Save>();
    render(<Card save={save} />);
    await userEvent.click(field('Сумма'));
    await userEvent.keyboard('{Enter}');
    expect(save).not.toHaveBeenCalled();
    expect(field('Сумма')).toHaveFocus();
  });

  it('opens again with what was typed and says why when the save is refused', async () => {
    render(<Card save={() => Promise.reject(new Error('контрольная цифра не сходится'))} />);
    await userEvent.click(field('Сумма'));
    await userEvent.keyboard('1{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('контрольная цифра не сходится');
    expect((screen.getByRole('textbox', { name: 'Сумма' }) as HTMLInputElement).value).toContain('1');
  });

  it('saves as the one who saw the value on opening, whatever came meanwhile', async () => {
    const first = vi.fn();
    const second = vi.fn();
    const props = { label: 'Сумма', display: (value: string) => value };
    const editor: Parameters<typeof InlineField<string>>[0]['editor'] = ({ value, onChange, inputProps }) => (
      <input {...inputProps} value={value} onChange={(event) => onChange(event.target.value)} />
    );
    const { rerender } = render(<InlineField {...props} value="100" onSave={first} editor={editor} />);
    await userEvent.click(field('Сумма'));
    rerender(<InlineField {...props} value="999" onSave={second} editor={editor} />);
    await userEvent.keyboard('5{Enter}');
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
  });

  it('never replaces the text of a focused field by a live change', () => {
    const props = { label: 'Сумма', onSave: () => {}, display: (value: string) => value };
    const editor: Parameters<typeof InlineField<string>>[0]['editor'] = ({ value, onChange, inputProps }) => (
      <input {...inputProps} value={value} onChange={(event) => onChange(event.target.value)} />
    );
    const { rerender } = render(<InlineField {...props} value="100" editor={editor} />);
    fireEvent.click(field('Сумма'));
    rerender(<InlineField {...props} value="999" editor={editor} />);
    expect((screen.getByRole('textbox') as HTMLInputElement).value).toBe('100');
  });
});
