import { describe, expect, it } from 'vitest';
import { diffOf, meaning } from './diff.ts';
import type { Grant } from './role.ts';

const see: Grant = { types: ['deal'], ops: ['see'], scopes: ['own', 'observed'] };
const edit: Grant = { types: ['deal'], ops: ['edit'], scopes: ['own'] };

describe('diffOf', () => {
  it('finds nothing between lines that mean the same', () => {
    const again: Grant = {
      ops: ['see'],
      scopes: ['observed', 'own'],
      types: ['deal'],
      stages: [],
      pipelines: null,
      deny: false,
    };
    expect(meaning(see)).toBe(meaning(again));
    const diff = diffOf({ title: 'A', grants: [see] }, { title: 'A', grants: [again] });
    expect([diff.title, diff.grants]).toEqual([undefined, { gone: [], come: [] }]);
  });

  it('tells what went and what came', () => {
    const diff = diffOf(
      { title: 'A', grants: [see, edit], areas: ['people'], holders: [{ kind: 'user', id: 1, text: 'Anna' }] },
      {
        title: 'B',
        grants: [see, { ...edit, deny: true }],
        areas: ['people', 'drums'],
        holders: [
          { kind: 'user', id: 1, text: 'Anna Smirnova' },
          { kind: 'position', id: 0, text: 'Estimator' },
        ],
      },
    );
    expect(diff.title).toEqual({ was: 'A', is: 'B' });
    expect(diff.grants).toEqual({ gone: [edit], come: [{ ...edit, deny: true }] });
    expect(diff.areas).toEqual({ gone: [], come: ['drums'] });
    expect(diff.holders).toEqual({ gone: [], come: [{ kind: 'position', id: 0, text: 'Estimator' }] });
  });

  it('counts lines that stand twice', () => {
    expect(diffOf({ grants: [see, see] }, { grants: [see] }).grants).toEqual({ gone: [see], come: [] });
  });

  it('takes a role that is new, and one that is gone', () => {
    expect(diffOf(null, { title: 'A', grants: [see] }).grants.come).toEqual([see]);
    expect(diffOf({ title: 'A', grants: [see] }, undefined).grants.gone).toEqual([see]);
  });
});
