import { useQuery } from '@tanstack/react-query';
import type { StageKind } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import type { Answers } from './answers.ts';
import { type Business, businessesQuery } from './business.ts';

/** A sketch of the boards the answers lead to. */
export function SetupPreview({ answers }: { answers: Answers }) {
  const people = [answers.name, ...answers.people.map((person) => person.name)]
    .map((name) => name.trim().split(/\s+/)[0] ?? '')
    .filter(Boolean);
  const names = people.length > 1 ? people.slice(0, 3) : [t('Анна'), t('Игорь'), t('Марина')];
  const { data: businesses } = useQuery(businessesQuery);
  const business = businesses?.items.find((each) => each.code === answers.business);
  if (business) return <Sketch business={business} answers={answers} />;
  return (
    <aside className="pv only-d" aria-hidden="true">
      <div className="f12 t3 pv-title">{t('Так это будет выглядеть')}</div>
      <div className="pvb">
        {!answers.simple && (
          <>
            <Columns
              icon="inbox"
              title={t('Лиды')}
              columns={[
                [t('Новый'), 3],
                [t('Разбираем'), 2],
                [t('Наш'), 1],
              ]}
            />
            <div className="arr">
              <Icon name="ar" small />
              <span className="f12">{t('одним нажатием, без повторного ввода')}</span>
            </div>
          </>
        )}
        <Columns
          icon="funnel"
          title={t('Сделки')}
          columns={[
            [t('Новая'), 1],
            [t('Запрос'), 2],
            [t('КП'), 3],
          ]}
        />
      </div>
      <div className="pvd">
        <div className="row g6">
          {names.map((name, at) => (
            <span key={name + at} className="row g6">
              {at > 0 && <Icon name="cr" small />}
              <Avatar id={at * 3 + 3} name={name} silent />
              {name}
            </span>
          ))}
        </div>
        <div className="f12 t3">
          {t('Кто не взял обращение в срок, уступает следующему. После нескольких пропусков узнаёт руководитель.')}
        </div>
      </div>
    </aside>
  );
}

/** The pipelines of a ready business, stage by stage, each with what it is for. */
function Sketch({ business, answers }: { business: Business; answers: Answers }) {
  const lines = business.pipelines.filter((line) => !(answers.simple && line.type === 'lead'));
  return (
    <aside className="pv pv-lines only-d" aria-label={t('Так это будет выглядеть')}>
      <div className="f12 t3 pv-title">{t('Так это будет выглядеть')}</div>
      {lines.map((line) => (
        <section className="pvb" key={`${line.type}/${line.title.en}`}>
          <div className="row g6 pv-head">
            <Icon name={line.type === 'lead' ? 'inbox' : 'funnel'} small />
            <b className="m">{line.title[answers.language]}</b>
          </div>
          <ol>
            {line.stages.map((stage, at) => (
              <li key={stage.title.en} className="row g6">
                <StageRing
                  kind={stage.kind as StageKind}
                  color={stage.color || (stage.kind === 'won' ? 6 : stage.kind === 'lost' ? 10 : at + 1)}
                  share={(at + 1) / line.stages.length}
                />
                <span>{stage.title[answers.language]}</span>
                <span className="f12 t3 ell">{stage.goal[answers.language]}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </aside>
  );
}

function Columns({ icon, title, columns }: { icon: 'inbox' | 'funnel'; title: string; columns: [string, number][] }) {
  return (
    <>
      <div className="row g6 pv-head">
        <Icon name={icon} small />
        <b className="m">{title}</b>
      </div>
      <div className="pvc">
        {columns.map(([name, cards], at) => (
          <div key={name}>
            <div className="row g4 f11">
              <StageRing kind="open" color={at + 1} share={(at + 1) / 4} />
              <span className="ell">{name}</span>
            </div>
            {Array.from({ length: cards }, (_, card) => (
              <i key={card} />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}
