import { ApiError } from '~/api/client.ts';
import { errorText } from '~/ui/ErrorNote.tsx';

/** Why the server refused, in its most exact words: what it says of a field, else of the whole. */
export function refusalText(error: unknown): string {
  const [first] = error instanceof ApiError ? Object.values(error.fields) : [];
  return first || errorText(error);
}
