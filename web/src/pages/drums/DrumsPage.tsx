import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Drum } from '~/api/types.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { DrumForm } from './DrumForm.tsx';
import { DrumOrder } from './DrumOrder.tsx';
import { DrumWaiting } from './DrumWaiting.tsx';

/** Drums: who is next and why, who holds what, and how long they have. */
export function DrumsPage() {
  const me = useMe();
  const { data: drums, error, isPending, refetch } = useQuery(drumsQuery);
  const [chosen, setChosen] = useState<number | null>(null);
  const [form, setForm] = useState<Drum | 'new' | null>(null);
  const admin = may(me, 'drums');
  useEffect(() => {
    document.title = `${t('Барабаны')} · Voronka`;
  }, []);
  useAction(
    admin
      ? {
          id: 'add',
          title: t('Новый барабан'),
          group: t('Барабан'),
          icon: 'plus',
          key: 'KeyC',
          run: () => setForm('new'),
        }
      : null,
  );
  const drum = drums?.find((each) => each.id === chosen) ?? drums?.[0];
  return (
    <main className="sheet">
      <TopBar
        end={
          admin && (
            <Button look="pri" icon="plus" hotkey="KeyC" onClick={() => setForm('new')}>
              {t('Барабан')}
            </Button>
          )
        }
      >
        <h1>{t('Барабаны')}</h1>
      </TopBar>
      {isPending && <SkeletonRows />}
      {error && (
        <div className="body centre">
          <ErrorNote title={t('Барабаны не загрузились')} error={error} retry={() => void refetch()} />
        </div>
      )}
      {drums && !drum && (
        <div className="body centre">
          <EmptyState
            icon="drum"
            title={t('Барабанов ещё нет')}
            why={t('Барабан предлагает новые обращения людям по очереди и следит, чтобы их брали в срок')}
            action={
              admin && (
                <Button look="pri" icon="plus" onClick={() => setForm('new')}>
                  {t('Новый барабан')}
                </Button>
              )
            }
          />
        </div>
      )}
      {drum && (
        <div className="body scroll page">
          {drums && drums.length > 1 && (
            <nav className="tabs" aria-label={t('Барабаны')}>
              {drums.map((each) => (
                <button
                  key={each.id}
                  type="button"
                  className={each.id === drum.id ? 'on' : ''}
                  aria-current={each.id === drum.id || undefined}
                  onClick={() => setChosen(each.id)}
                >
                  {each.title}
                </button>
              ))}
            </nav>
          )}
          <div className="row wrap g16">
            <h2 className="f16">{drum.title}</h2>
            <span className="t2">
              {t(
                'взять за {n, plural, one {# минуту} few {# минуты} many {# минут} other {# минуты}} рабочего времени',
                { n: drum.take_minutes },
              )}
            </span>
            {drum.misses_to_head > 0 && (
              <span className="t2">
                {t(
                  'после {n, plural, one {# пропуска} few {# пропусков} many {# пропусков} other {# пропуска}} узнаёт руководитель',
                  { n: drum.misses_to_head },
                )}
              </span>
            )}
            {admin && (
              <Button small className="push" onClick={() => setForm(drum)}>
                <Icon name="gear" small />
                {t('Настроить')}
              </Button>
            )}
          </div>
          <div className="drum-grid">
            <DrumOrder drum={drum} admin={admin} />
            <DrumWaiting drum={drum} />
          </div>
        </div>
      )}
      {form && <DrumForm drum={form === 'new' ? undefined : form} onClose={() => setForm(null)} onMade={setChosen} />}
    </main>
  );
}
