import { language } from '~/i18n/index.ts';

/** A refusal of the server as RFC 9457 tells it: `detail` is a translated sentence that says what to do next. */
export interface Problem {
  status: number;
  title?: string;
  detail?: string;
  code?: string;
  key?: string;
  errors?: { path?: string; location?: string; detail?: string; message?: string }[];
  data?: Record<string, unknown>;
}

/** What every call of the API rejects with. `status` 0 means that the server could not be reached. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title || `HTTP ${problem.status}`);
    this.name = 'ApiError';
  }

  get status(): number {
    return this.problem.status;
  }

  /** The complaints by field code, for forms. */
  get fields(): Record<string, string> {
    const byField: Record<string, string> = {};
    for (const error of this.problem.errors ?? []) {
      const path = (error.path ?? error.location ?? '').replace(/^body\./, '').replace(/^set\./, '');
      if (path) byField[path] = error.detail ?? error.message ?? '';
    }
    return byField;
  }
}

export type Query = Record<string, string | number | boolean | undefined | null>;

function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ''}`;
}

let signedOut: () => Promise<boolean> = async () => false;
/** Says what to do when the session has ended while the page is open; true when somebody has signed in again meanwhile. */
export function onSignedOut(handler: () => Promise<boolean>): void {
  signedOut = handler;
}

const reachable = new Set<(online: boolean) => void>();
/** Tells when the server stops and starts answering; returns the way to stop listening. */
export function onReachable(listener: (online: boolean) => void): () => void {
  reachable.add(listener);
  return () => reachable.delete(listener);
}
function tell(online: boolean): void {
  for (const listener of reachable) listener(online);
}

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** A refused login is an answer, not the end of a session. */
  keepSession?: boolean;
}

/** One call of the JSON API. POSTs carry an Idempotency-Key, so that a repeat after a lost answer does nothing twice. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() };
  if (method === 'POST') headers['Idempotency-Key'] = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    tell(false);
    throw new ApiError({ status: 0, code: 'offline' });
  }
  tell(true);
  if (response.ok)
    return response.status === 204 ? (undefined as T) : ((await response.json().catch(() => undefined)) as T);
  const problem = (await response.json().catch(() => ({}))) as Problem;
  // What was asked without a session was not done: after signing in again it is asked once more, and no draft is lost.
  if (response.status === 401 && !options.keepSession && (await signedOut()) && !options.signal?.aborted)
    return request(method, path, { ...options, keepSession: true });
  throw new ApiError({ ...problem, status: response.status });
}

/** The verbs of the API. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, options?: Omit<Options, 'body'>) =>
    request<T>('POST', path, { ...options, body: body ?? {} }),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  put: <T>(path: string, body?: unknown) => request<T>('PUT', path, { body: body ?? {} }),
  delete: <T>(path: string, query?: Query) => request<T>('DELETE', path, { query }),
};
