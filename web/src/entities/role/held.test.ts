import { expect, it } from 'vitest';
import type { Department, User } from '~/api/types.ts';
import { heldBy } from './held.ts';
import type { Holder, Role } from './role.ts';

const departments: Department[] = [
  { id: 1, title: 'Sales' },
  { id: 2, title: 'Moscow', parent: 1 },
  { id: 3, title: 'Stock' },
];
const anna: User = {
  id: 7,
  name: 'Anna',
  email: '',
  role: 'manager',
  department: 2,
  position: 'Senior  estimator',
  active: true,
};
const role = (id: number, ...holders: Holder[]): Role => ({
  id,
  title: `role ${id}`,
  people: 0,
  grants: [],
  fields: [],
  areas: [],
  holders,
  version: 1,
});

it('finds the roles a person has by himself, position, group and any department above', () => {
  const roles = [
    role(1, { kind: 'user', id: 7 }, { kind: 'department', id: 1 }),
    role(2, { kind: 'department', id: 1 }),
    role(3, { kind: 'position', id: 0, text: 'senior estimator' }),
    role(4, { kind: 'group', id: 9 }),
    role(5, { kind: 'department', id: 3 }, { kind: 'user', id: 8 }, { kind: 'group', id: 10 }),
  ];
  const groups = [
    { id: 9, title: 'Inspectors', members: [7, 8] },
    { id: 10, title: 'Others', members: [8] },
  ];
  expect(heldBy(anna, roles, departments, groups).map((held) => [held.role.id, held.by])).toEqual([
    [1, ''],
    [2, 'Sales'],
    [3, 'Senior  estimator'],
    [4, 'Inspectors'],
  ]);
});

it('ends in a tree that goes round', () => {
  const round: Department[] = [
    { id: 1, title: 'A', parent: 2 },
    { id: 2, title: 'B', parent: 1 },
  ];
  expect(heldBy(anna, [role(1, { kind: 'department', id: 1 })], round, [])).toHaveLength(1);
});
