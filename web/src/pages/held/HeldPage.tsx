import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '~/api/client.ts';
import { hrefOf } from '~/entities/catalog/catalog.ts';
import { type HeldRequest, heldCountQuery, heldQuery, reasonText } from '~/entities/form/form.ts';
import { touchText } from '~/entities/request/RequestOrigin.tsx';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { DateText } from '~/ui/DateText.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import '../form/form.css';

/** Requests a person lets in or throws away: from browsers without scripts, and whatever looks like a program. */
export function HeldPage() {
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(heldQuery);
  useEffect(() => {
    document.title = `${t('На проверке')} · Voronka`;
  }, []);
  const decide = async (held: HeldRequest, accept: boolean) => {
    try {
      const became = await api.post<{ type: string; record: number }>(
        `/held-requests/${held.id}/${accept ? 'acceptance' : 'rejection'}`,
        {},
      );
      toast(
        accept && became
          ? { text: t('Обращение принято'), detail: hrefOf(became.type, became.record) }
          : { text: accept ? t('Обращение принято') : t('Обращение отклонено') },
      );
    } catch (reason) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(reason) });
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: heldQuery.queryKey }),
      client.invalidateQueries({ queryKey: heldCountQuery.queryKey }),
    ]);
  };
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('На проверке')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Обращения не загрузились')} error={error} retry={() => void refetch()} />}
        {data && !data.items.length && (
          <EmptyState
            icon="check-sq"
            title={t('Проверять нечего')}
            why={t('Сюда попадает то, что похоже на программу, и обращения из браузеров без скриптов')}
          />
        )}
        {data?.items.map((held) => (
          <article key={held.id} className="panel" aria-label={nameOf(held)}>
            <header>
              <h2 className="panel-title ell">{nameOf(held)}</h2>
              <Badge tone="w">{reasonText(held.reason)}</Badge>
              <span className="push" />
              <Button look="ghost" small onClick={() => void decide(held, false)}>
                {t('Отклонить')}
              </Button>
              <Button look="pri" small onClick={() => void decide(held, true)}>
                {t('Принять')}
              </Button>
            </header>
            <dl className="in held-what">
              <dt>{t('Когда')}</dt>
              <dd>
                <DateText at={held.at} />, {held.form}
              </dd>
              {held.attribution?.last && (
                <>
                  <dt>{t('Откуда')}</dt>
                  <dd>{touchText(held.attribution.last)}</dd>
                </>
              )}
              {Object.entries(held.payload).map(([name, value]) => (
                <Value key={name} name={name} value={value} />
              ))}
            </dl>
          </article>
        ))}
      </div>
    </main>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{labelOf(name)}</dt>
      <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
    </>
  );
}

function labelOf(name: string): string {
  switch (name) {
    case 'name':
      return t('Имя');
    case 'phone':
      return t('Телефон');
    case 'email':
      return t('Почта');
    case 'company':
      return t('Компания');
    case 'comment':
      return t('Комментарий');
    default:
      return name;
  }
}

function nameOf(held: HeldRequest): string {
  return String(held.payload.name ?? held.payload.phone ?? held.payload.email ?? t('Без имени'));
}
