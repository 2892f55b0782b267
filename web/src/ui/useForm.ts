import { type FormEvent, useState } from 'react';
import { ApiError } from '~/api/client.ts';
import { errorText } from './ErrorNote.tsx';

/** The state of a small form: values, complaints by field, and sending with the server's answer put to its fields. */
export function useForm<V extends object>(first: V, send: (values: V) => Promise<unknown>, done: () => void) {
  const [values, setValues] = useState(first);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const put = (more: Partial<V>) => setValues((old) => ({ ...old, ...more }));
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    setBusy(true);
    setErrors({});
    try {
      await send(values);
      done();
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      const known = Object.keys(fields).some((code) => code in first);
      setErrors(known ? fields : { '': errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return { values, put, errors, busy, submit };
}
