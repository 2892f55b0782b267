import { useState } from 'react';
import { pluralOf, useTypes } from '~/entities/catalog/catalog.ts';
import type { Matrix, MatrixCell, Op, Reach, Role } from '~/entities/role/role.ts';
import { opShort, opTitle, reachTitle, scopeTitle } from '~/entities/role/titles.ts';
import { ScopePie } from '~/features/rights/ScopePie.tsx';
import { t } from '~/i18n/index.ts';
import { SkeletonRows } from '~/ui/Skeleton.tsx';

/** The order of the columns: what matters every day first. */
export const columns: Op[] = ['see', 'create', 'edit', 'move', 'delete', 'export', 'assign', 'import', 'settings'];

/** What stands in a cell: a type without stages is never moved. */
export function cellOf(matrix: Matrix | undefined, type: string, op: Op): MatrixCell {
  return matrix?.rows.find((row) => row.type === type)?.cells.find((cell) => cell.op === op) ?? { op, scope: 'none' };
}

/** The word of a cell: who sees his own and what he observes, sees his own. */
export function reachOf(cell: MatrixCell): Reach {
  return cell.scope === 'observed' && cell.scopes?.includes('own') ? 'own' : cell.scope;
}

/** All scopes of a cell, for who wants to know exactly. */
export function scopesText(cell: MatrixCell): string | undefined {
  return cell.scopes && cell.scopes.length > 1 ? cell.scopes.map(scopeTitle).join(', ') : undefined;
}

/** The lines of a role a cell comes from. */
export function linesOf(cell: MatrixCell, role: number | undefined): number[] {
  return (cell.lines ?? []).filter((line) => line.role === role).map((line) => line.line);
}

interface Props {
  title: string;
  matrix?: Matrix;
  /** Whose lines light up; none where the matrix is a person's. */
  role?: Role;
  onLit?: (lines: ReadonlySet<number>) => void;
  /** An administrator may do everything, whatever the types. */
  admin?: boolean;
}

/** What comes out of all lines together: types by operations, counted by the server, never typed. */
export function MatrixPanel({ title, matrix, role, onLit, admin }: Props) {
  return (
    <section className="panel" aria-label={title}>
      <header className="matrix-head">
        <h2 className="panel-title">{title}</h2>
        <span className="t3 f12 people-n">{t('считается само')}</span>
        <span className="push row g12 f12 t2 people-n legend">
          {(['none', 'own', 'department', 'below', 'all'] as Reach[]).map((reach) => (
            <span key={reach} className="row g4">
              <ScopePie reach={reach} />
              {reachTitle(reach, 'see')}
            </span>
          ))}
        </span>
      </header>
      {admin ? (
        <p className="in t2">{t('Администратор может всё')}</p>
      ) : (
        <MatrixTable matrix={matrix} role={role} onLit={onLit} />
      )}
    </section>
  );
}

/** The table alone, as a dialog shows it, too. */
export function MatrixTable({ matrix, role, onLit }: Pick<Props, 'matrix' | 'role' | 'onLit'>) {
  const types = useTypes();
  const [picked, setPicked] = useState('');
  if (!matrix) return <SkeletonRows rows={5} />;
  const rows = types.filter((type) => matrix.rows.some((row) => row.type === type.code));
  // What nobody has here needs no column of its own.
  const shown = columns.filter(
    (op) =>
      (op !== 'import' && op !== 'settings') || rows.some((type) => cellOf(matrix, type.code, op).scope !== 'none'),
  );
  const noted = matrix.rows.some((row) => row.cells.some((cell) => cell.note));
  return (
    <>
      <div className="t-wrap">
        <table className="t matrix">
          <thead>
            <tr>
              <th scope="col">{t('Тип')}</th>
              {shown.map((op) => (
                <th key={op} scope="col">
                  {opShort(op)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((type) => (
              <tr key={type.code}>
                <th scope="row" className="m">
                  {pluralOf(type)}
                </th>
                {shown.map((op) => {
                  if ((op === 'move' || op === 'settings') && !type.staged)
                    return (
                      <td key={op} className="t3 f12">
                        {t('нет стадий')}
                      </td>
                    );
                  const cell = cellOf(matrix, type.code, op);
                  const key = `${type.code}/${op}`;
                  const lines = linesOf(cell, role?.id);
                  const inside = (
                    <>
                      <ScopePie reach={reachOf(cell)} />
                      <span className={cell.scope === 'none' ? 't3' : ''}>
                        {reachTitle(reachOf(cell), op)}
                        {cell.note ? '*' : ''}
                      </span>
                    </>
                  );
                  return (
                    <td key={op} className={picked === key ? 'pk' : ''} title={scopesText(cell)}>
                      {onLit && lines.length > 0 ? (
                        <button
                          type="button"
                          className="cell"
                          aria-pressed={picked === key}
                          aria-label={t('{type}, {op}: {reach}. Показать строки', {
                            type: pluralOf(type),
                            op: opTitle(op),
                            reach: reachTitle(reachOf(cell), op),
                          })}
                          onClick={() => {
                            setPicked(picked === key ? '' : key);
                            onLit(new Set(picked === key ? [] : lines));
                          }}
                        >
                          {inside}
                        </button>
                      ) : (
                        <span className="cell">{inside}</span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(noted || onLit) && (
        <p className="f12 t3 matrix-foot">
          {noted && <>{t('* не везде: только часть воронок и стадий или за вычетом того, что нельзя.')} </>}
          {onLit && t('Нажмите на клетку, чтобы увидеть строки, которые её дали.')}
        </p>
      )}
    </>
  );
}
