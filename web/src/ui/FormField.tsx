import { cloneElement, type ReactElement, useId } from 'react';

interface InputProps {
  id?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
}

interface Props {
  label: string;
  hint?: string;
  error?: string;
  children: ReactElement<InputProps>;
}

/** A label, an input, and what is wrong or worth knowing, tied together for the reader. */
export function FormField({ label, hint, error, children }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="ff">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {cloneElement(children, {
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': note ? `${id}-note` : undefined,
      })}
      {note && (
        <div className={`hint ${error ? 'danger' : ''}`} id={`${id}-note`} role={error ? 'alert' : undefined}>
          {note}
        </div>
      )}
    </div>
  );
}
