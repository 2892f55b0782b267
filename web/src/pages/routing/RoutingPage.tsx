import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type RoutingRule, rulesQuery } from '~/entities/routing/routing.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { RuleForm } from './RuleForm.tsx';
import { RuleOrder } from './RuleOrder.tsx';
import { useFacts } from './useFacts.ts';

/** Routing rules: who a record goes to, the first that holds decides. */
export function RoutingPage() {
  const { data: rules, error, isPending, refetch } = useQuery(rulesQuery);
  const fields = useFacts();
  const [form, setForm] = useState<RoutingRule | 'new' | null>(null);
  useEffect(() => {
    document.title = `${t('Распределение')} · Voronka`;
  }, []);
  useAction({
    id: 'add',
    title: t('Новое правило'),
    group: t('Распределение'),
    icon: 'plus',
    key: 'KeyC',
    run: () => setForm('new'),
  });
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            <Link to="/settings/routing/test" className="btn" aria-label={t('Проверить')}>
              <Icon name="play" small />
              <span className="only-d">{t('Проверить')}</span>
            </Link>
            <Button look="pri" icon="plus" hotkey="KeyC" onClick={() => setForm('new')}>
              {t('Правило')}
            </Button>
          </>
        }
      >
        <h1>{t('Распределение')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Правила не загрузились')} error={error} retry={() => void refetch()} />}
        {rules && (
          <>
            <p className="t2">
              {rules.length > 1
                ? t('Обращение получает тот, кого называет первое подошедшее правило')
                : t('Правил ещё нет: обращения идут так, как настроено у формы или ключа')}
            </p>
            <RuleOrder rules={rules} fields={fields} onEdit={setForm} />
          </>
        )}
      </div>
      {form && <RuleForm rule={form === 'new' ? undefined : form} onClose={() => setForm(null)} />}
    </main>
  );
}
