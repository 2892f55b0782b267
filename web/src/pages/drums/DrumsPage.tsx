import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import { onLive } from '~/api/live.ts';
import type { Drum, DrumState } from '~/api/types.ts';
import { drumStateQuery, drumsQuery } from '~/entities/drum/drum.ts';
import { isHead, may, useMe } from '~/entities/session/session.ts';
import { when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { DrumMisses, DrumPolicy, DrumWaiting } from './DrumAside.tsx';
import { DrumDecisions } from './DrumDecisions.tsx';
import { DrumForm } from './DrumForm.tsx';
import { DrumHolders } from './DrumHolders.tsx';
import { DrumMembers } from './DrumMembers.tsx';
import { DrumQueue } from './DrumQueue.tsx';
import './drums.css';

/** Drums: who is next and why, who holds what and how long, what was decided. */
export function DrumsPage() {
  const me = useMe();
  const { data: drums, error, isPending, refetch } = useQuery(drumsQuery);
  const [chosen, setChosen] = useState<number | null>(null);
  const [tab, setTab] = useState<'now' | 'people'>('now');
  const [form, setForm] = useState<Drum | 'new' | null>(null);
  const mayAdd = isHead(me) || may(me, 'drums');
  useEffect(() => {
    document.title = `${t('Барабаны')} · Voronka`;
  }, []);
  useAction(
    mayAdd
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
  useFresh();
  const drum = drums?.find((each) => each.id === chosen) ?? drums?.[0];
  const { data: state } = useQuery({ ...drumStateQuery(drum?.id ?? 0), enabled: !!drum });
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            {drum?.may_edit && <Switch drum={drum} />}
            {mayAdd && (
              <Button
                look={drum ? '' : 'pri'}
                icon="plus"
                hotkey="KeyC"
                className={drum ? 'only-d' : ''}
                onClick={() => setForm('new')}
              >
                {t('Барабан')}
              </Button>
            )}
          </>
        }
      >
        {drums && drums.length > 1 ? (
          <h1>
            <select
              className="drum-pick"
              aria-label={t('Барабаны')}
              value={drum?.id}
              onChange={(event) => setChosen(Number(event.target.value))}
            >
              {drums.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </select>
          </h1>
        ) : (
          <h1 className="ell">{drum?.title ?? t('Барабаны')}</h1>
        )}
        {drum && state && <Running drum={drum} state={state} />}
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
              mayAdd && (
                <Button look="pri" icon="plus" onClick={() => setForm('new')}>
                  {t('Новый барабан')}
                </Button>
              )
            }
          />
        </div>
      )}
      {drum && (
        <>
          <div className="bar lined">
            <nav className="tabs" aria-label={drum.title}>
              <Tab on={tab === 'now'} onClick={() => setTab('now')}>
                {t('Раздача')}
              </Tab>
              <Tab on={tab === 'people'} onClick={() => setTab('people')}>
                {t('Участники')}
                <span className="n">{state?.members.length ?? drum.members.length}</span>
              </Tab>
            </nav>
            <div className="grow" />
            {state && <Sum state={state} />}
          </div>
          <div className="body scroll">
            <div className="drum-page">
              {tab === 'now' ? (
                <>
                  <div>
                    {state ? <DrumQueue drum={drum} state={state} /> : <SkeletonRows />}
                    <DrumHolders
                      drum={drum}
                      offers={state?.waiting.filter((offer) => offer.state !== 'waiting') ?? []}
                      waiting={state?.today.waiting ?? 0}
                    />
                    <DrumDecisions drum={drum} />
                  </div>
                  <div>
                    <DrumPolicy drum={drum} onEdit={drum.may_edit ? () => setForm(drum) : undefined} />
                    {state && <DrumMisses drum={drum} state={state} />}
                    {state && <DrumWaiting state={state} />}
                  </div>
                </>
              ) : (
                <>
                  <div>
                    <DrumMembers key={drum.id} drum={drum} state={state} />
                  </div>
                  <div>
                    <DrumPolicy drum={drum} onEdit={drum.may_edit ? () => setForm(drum) : undefined} />
                  </div>
                </>
              )}
            </div>
          </div>
        </>
      )}
      {form && <DrumForm drum={form === 'new' ? undefined : form} onClose={() => setForm(null)} onMade={setChosen} />}
    </main>
  );
}

function Tab({ on, onClick, children }: { on: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className={on ? 'on' : ''} aria-current={on || undefined} onClick={onClick}>
      {children}
    </button>
  );
}

/** Asks anew when a record has changed that one sees: offers of others are told only to them. */
function useFresh() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLive((event) => {
      if (event.kind !== 'record') return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['drum-state'] });
      }, 700);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
}

/** Whether the drum deals now. */
function Running({ drum, state }: { drum: Drum; state: DrumState }) {
  if (drum.stopped) return <Badge icon="pause">{t('остановлен')}</Badge>;
  if (!state.deals)
    return (
      <Badge icon="pause">
        {state.opens_at ? t('пауза до {time}', { time: when(Date.parse(state.opens_at)) }) : t('вне своих часов')}
      </Badge>
    );
  return (
    <Badge tone="k" icon="play">
      {t('крутится')}
    </Badge>
  );
}

/** Stops the drum, or lets it deal again. */
function Switch({ drum }: { drum: Drum }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const turn = async () => {
    setBusy(true);
    try {
      await api.patch(`/drums/${drum.id}`, { stopped: !drum.stopped });
      toast({ text: drum.stopped ? t('Барабан снова раздаёт') : t('Новые записи ждут, пока барабан не запустят') });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['drums'] }),
      client.invalidateQueries({ queryKey: ['drum-state', drum.id] }),
    ]);
    setBusy(false);
  };
  return (
    <Button
      icon={drum.stopped ? 'play' : 'pause'}
      busy={busy}
      className="drum-turn"
      aria-label={drum.stopped ? t('Запустить') : t('Остановить')}
      onClick={() => void turn()}
    >
      <span className="only-d">{drum.stopped ? t('Запустить') : t('Остановить')}</span>
    </Button>
  );
}

/** What became of the offers of today. */
function Sum({ state }: { state: DrumState }) {
  const { today } = state;
  return (
    <span className="f12 t2 drum-sum">
      {t('сегодня: взято {taken}, пропусков {missed}, на руках {offered}, ждут {waiting}', {
        taken: today.taken,
        missed: today.missed,
        offered: today.offered,
        waiting: today.waiting,
      })}
    </span>
  );
}
