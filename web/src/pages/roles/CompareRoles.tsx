import { useQueries } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { pluralOf, useTypes } from '~/entities/catalog/catalog.ts';
import { areas, type MatrixCell, matrixQuery, type Op, type Reach, type Role } from '~/entities/role/role.ts';
import { areaTitle, opTitle, reachTitle, roleName } from '~/entities/role/titles.ts';
import { ScopePie } from '~/features/rights/ScopePie.tsx';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { cellOf, columns, reachOf } from './MatrixPanel.tsx';

/** Whether cells of different roles say the same. */
function same(cells: readonly MatrixCell[]): boolean {
  const key = (cell: MatrixCell) => `${cell.scope}${cell.note ? '*' : ''}${[...(cell.scopes ?? [])].sort()}`;
  return cells.every((cell) => key(cell) === key(cells[0]!));
}

/** Two or more roles side by side, where they differ is marked. */
export function CompareRoles({ roles, first, onClose }: { roles: Role[]; first?: number; onClose: () => void }) {
  const types = useTypes();
  const others = roles.filter((role) => role.fixed !== 'admin' && role.fixed !== 'guest');
  const manager = others.find((role) => role.fixed === 'manager')?.id;
  const begin = [first, manager, ...others.map((role) => role.id)].filter((id) =>
    others.some((role) => role.id === id),
  );
  const [chosen, setChosen] = useState<number[]>([...new Set(begin as number[])].slice(0, 2));
  const [all, setAll] = useState(false);
  const shown = others.filter((role) => chosen.includes(role.id));
  const answers = useQueries({ queries: shown.map((role) => matrixQuery({ role: role.id })) });
  const ready = answers.every((answer) => answer.data);
  const groups = types.map((type) => ({
    type,
    lines: columns
      .filter((op) => (op !== 'move' && op !== 'settings') || type.staged)
      .map((op) => ({ op, cells: answers.map((answer) => cellOf(answer.data, type.code, op)) }))
      .filter((line) => all || !same(line.cells)),
  }));
  const portal = areas.filter((area) => all || new Set(shown.map((role) => role.areas.includes(area))).size > 1);
  const equal = ready && !portal.length && groups.every((group) => !group.lines.length);
  return (
    <Dialog title={t('Сравнить роли')} onClose={onClose} size={860}>
      <div className="col g12">
        <div className="row g6 wrap" role="group" aria-label={t('Роли')}>
          {others.map((role) => (
            <button
              key={role.id}
              type="button"
              className={`chip ${chosen.includes(role.id) ? 'on' : ''}`}
              aria-pressed={chosen.includes(role.id)}
              onClick={() =>
                setChosen(chosen.includes(role.id) ? chosen.filter((id) => id !== role.id) : [...chosen, role.id])
              }
            >
              {roleName(role)}
            </button>
          ))}
        </div>
        <label className="row g6">
          <input type="checkbox" checked={all} onChange={() => setAll(!all)} />
          {t('Показать и то, в чём они одинаковы')}
        </label>
        {shown.length < 2 ? (
          <p className="t3">{t('Выберите хотя бы две роли')}</p>
        ) : !ready ? (
          <SkeletonRows rows={6} />
        ) : equal ? (
          <p className="t2">{t('Эти роли дают одно и то же')}</p>
        ) : (
          <div className="t-wrap">
            <table className="t matrix compare">
              <thead>
                <tr>
                  <th scope="col">{t('Тип')}</th>
                  {shown.map((role) => (
                    <th key={role.id} scope="col">
                      {roleName(role)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {groups
                  .filter((group) => group.lines.length > 0)
                  .map(({ type, lines }) => (
                    <Fragment key={type.code}>
                      <tr>
                        <th scope="rowgroup" colSpan={shown.length + 1} className="compare-type">
                          {pluralOf(type)}
                        </th>
                      </tr>
                      {lines.map(({ op, cells }) => (
                        <CompareLine key={op} title={opTitle(op)} differs={all && !same(cells)}>
                          {cells.map((cell, at) => (
                            <Reached key={shown[at]?.id} reach={reachOf(cell)} op={op} note={cell.note} />
                          ))}
                        </CompareLine>
                      ))}
                    </Fragment>
                  ))}
                {portal.length > 0 && (
                  <tr>
                    <th scope="rowgroup" colSpan={shown.length + 1} className="compare-type">
                      {t('Кроме записей')}
                    </th>
                  </tr>
                )}
                {portal.map((area) => (
                  <CompareLine
                    key={area}
                    title={areaTitle(area)}
                    differs={all && new Set(shown.map((role) => role.areas.includes(area))).size > 1}
                  >
                    {shown.map((role) => (
                      <Reached key={role.id} reach={role.areas.includes(area) ? 'all' : 'none'} op="create" />
                    ))}
                  </CompareLine>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function CompareLine({ title, differs, children }: { title: string; differs: boolean; children: React.ReactNode[] }) {
  return (
    <tr className={differs ? 'differs' : ''}>
      <th scope="row">
        {differs && (
          <span className="differs-sign" title={t('Отличаются')}>
            <Icon name="sort" small />
            <span className="sr">{t('Отличаются')}</span>
          </span>
        )}
        {title}
      </th>
      {children.map((child, at) => (
        <td key={at}>{child}</td>
      ))}
    </tr>
  );
}

function Reached({ reach, op, note }: { reach: Reach; op: Op; note?: boolean }) {
  return (
    <span className="cell">
      <ScopePie reach={reach} />
      <span className={reach === 'none' ? 't3' : ''}>
        {reachTitle(reach, op)}
        {note ? '*' : ''}
      </span>
    </span>
  );
}
