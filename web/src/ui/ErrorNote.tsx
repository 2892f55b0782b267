import { ApiError } from '~/api/client.ts';
import { t } from '~/i18n/index.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';

/** The sentence a person reads about a failure. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError && error.status === 0) return t('Сервер не отвечает. Проверьте связь и повторите');
  if (error instanceof ApiError && error.status >= 500 && !error.problem.detail)
    return t('Сервер не справился, код {code}', { code: error.status });
  return error instanceof Error ? error.message : String(error);
}

/** What happened, what to do, one button. */
export function ErrorNote({ title, error, retry }: { title: string; error: unknown; retry?: () => void }) {
  return (
    <div className="note d" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <b className="m">{title}</b>
        <div className="f12 t2">{errorText(error)}</div>
      </div>
      {retry && (
        <Button small onClick={retry}>
          {t('Повторить')}
        </Button>
      )}
    </div>
  );
}
