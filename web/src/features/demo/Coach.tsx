import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { slugOf } from '~/entities/catalog/catalog.ts';
import { takeOffer } from '~/entities/offer/offer.ts';
import { isHead, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Countdown } from '~/ui/Countdown.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { beAnna, demoQuery, endGame, type Game, lookAs } from './demo.ts';

interface Props {
  game: Game;
  busy: string;
  act: (what: string, run: () => Promise<void>) => Promise<void>;
}

interface Step {
  text: string;
  done: boolean;
  bad?: boolean;
}

/** What has happened and what is next, as the server knows it. */
function stepsOf(game: Game): Step[] {
  const came = { text: t('Обращение пришло, предложено Анне'), done: true };
  if (game.state === 'gone') return [came];
  if (game.state === 'offered') return [came, { text: t('Взять, пока идут часы'), done: false }];
  if (game.state === 'passed' || game.state === 'rescued') {
    return [
      came,
      { text: t('Время вышло, инцидент записан на Анну'), done: !!game.incident, bad: true },
      { text: t('Обращение ушло Борису'), done: true },
      game.state === 'rescued'
        ? {
            text: t('Борис взял через {n, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}', {
              n: game.took ?? 0,
            }),
            done: true,
          }
        : { text: t('Борис читает обращение'), done: false },
    ];
  }
  return [
    came,
    {
      text: t('Взято за {n, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}', {
        n: game.took ?? 0,
      }),
      done: true,
    },
    { text: t('Запланировать следующий шаг в карточке'), done: game.next_step },
  ];
}

/** What a person should know now, in two sentences. */
function adviceOf(game: Game): string {
  switch (game.state) {
    case 'offered':
      return t('Вы Анна, менеджер. Клиент спешит. Возьмите обращение или дождитесь конца и посмотрите, что будет.');
    case 'passed':
      return t('Никто не звонил и не искал виноватых: барабан отдал обращение следующему сам.');
    case 'rescued':
      return t('Клиент не потерян. Руководитель видит, кто пропустил и во сколько это обошлось.');
    case 'taken':
      return game.next_step
        ? t('Готово: у клиента есть ответственный, у ответственного есть дата. Посмотрите на это глазами руководителя.')
        : t('Обращение ваше. Откройте карточку: там подсказка стадии и история с причиной каждого изменения.');
    default:
      return t('Обращение изменил кто-то другой. Начните ещё раз.');
  }
}

/** The guide of the game. It follows what really happens, not what was clicked. */
export function Coach({ game, busy, act }: Props) {
  const me = useMe();
  const client = useQueryClient();
  const mine = game.state === 'offered' || game.state === 'taken';
  const head = isHead(me);
  const close = async () => {
    await endGame();
    await client.invalidateQueries({ queryKey: demoQuery.queryKey });
  };
  return (
    <aside className="coach" aria-label={t('Будь Анной')} data-state={game.state}>
      <header>
        <b className="ell">{t('Будь Анной')}</b>
        <span className="t3 ell">{game.title}</span>
        <button type="button" className="btn ghost ico sm push" aria-label={t('Закончить игру')} onClick={close}>
          <Icon name="x" small />
        </button>
      </header>
      <p aria-live="polite">{adviceOf(game)}</p>
      {game.state === 'offered' && game.offered_at && game.due_at && (
        <Countdown from={game.offered_at} due={game.due_at} text={t('У Анны ещё')}>
          {!head && (
            <Button
              look="pri"
              small
              className="push"
              onClick={async () => {
                await takeOffer(client, { id: game.offer ?? 0, type: game.type ?? 'lead', record: game.record ?? 0 });
                await client.invalidateQueries({ queryKey: demoQuery.queryKey });
              }}
            >
              {t('Взять')}
            </Button>
          )}
        </Countdown>
      )}
      <ol>
        {stepsOf(game).map((step) => (
          <li key={step.text} className={step.bad ? 'bad' : step.done ? 'ok' : ''}>
            <Icon name={step.bad ? 'alert' : step.done ? 'check' : 'hour'} small />
            <span>{step.text}</span>
          </li>
        ))}
      </ol>
      <footer>
        {(mine || head) && game.record && (
          <Link
            className="btn sm"
            to="/$slug/$id"
            params={{ slug: slugOf(game.type ?? 'lead'), id: String(game.record) }}
          >
            {t('Открыть карточку')}
          </Link>
        )}
        {(game.state === 'passed' || game.state === 'rescued') && (
          <Link className="btn sm" to="/incidents">
            {t('Инциденты')}
          </Link>
        )}
        {!head && game.state !== 'offered' && (
          <Button
            small
            busy={busy === 'head'}
            disabled={!!busy}
            onClick={() => act('head', () => lookAs('head', game.state === 'taken' ? '/drums' : '/incidents'))}
          >
            {t('Глазами руководителя')}
          </Button>
        )}
        {game.state !== 'offered' && (
          <Button
            small
            look={game.state === 'taken' && !game.next_step ? '' : 'pri'}
            busy={busy === 'anna'}
            disabled={!!busy}
            onClick={() => act('anna', beAnna)}
          >
            {game.state === 'taken' ? t('Ещё раз и не успеть') : t('Ещё раз')}
          </Button>
        )}
      </footer>
    </aside>
  );
}
