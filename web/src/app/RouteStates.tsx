import { useRouter } from '@tanstack/react-router';
import { t } from '~/i18n/index.ts';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';

/** A page on its way: its final geometry in grey. */
export function RoutePending() {
  return (
    <main className="sheet" aria-busy="true">
      <header className="topbar" />
      <SkeletonRows />
    </main>
  );
}

/** A page that could not be shown. */
export function RouteProblem({ error }: { error: unknown }) {
  const router = useRouter();
  // A part of the interface that did not come is not asked for again by the browser; after an update it has another name.
  const part = error instanceof TypeError && /module/i.test(error.message);
  return (
    <main className="sheet centre">
      <ErrorNote
        title={t('Страница не открылась')}
        error={part ? t('Сервер не отвечает. Проверьте связь и повторите') : error}
        retry={() => (part ? location.reload() : void router.invalidate())}
      />
    </main>
  );
}
