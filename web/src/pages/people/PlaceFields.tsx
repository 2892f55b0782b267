import type { Department, Me } from '~/api/types.ts';
import { isAdmin, useMe } from '~/entities/session/session.ts';
import { roleTitle } from '~/features/session/own.ts';
import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import { walk } from './DepartmentTree.tsx';

type Role = Me['role'];

/** The role somebody has to begin with. Only administrators make administrators. */
export function RoleField({ value, error, onChange }: { value: Role; error?: string; onChange: (role: Role) => void }) {
  const admin = isAdmin(useMe());
  return (
    <FormField label={t('Роль')} error={error}>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value as Role)}>
        {(['manager', 'head', 'employee', 'admin', 'guest'] as const)
          .filter((role) => role !== 'admin' || admin || value === 'admin')
          .map((role) => (
            <option key={role} value={role}>
              {roleTitle(role)}
            </option>
          ))}
      </select>
    </FormField>
  );
}

interface DepartmentProps {
  value: number | null;
  departments: Department[];
  error?: string;
  onChange: (department: number | null) => void;
}

/** The department somebody works in, or none. */
export function DepartmentField({ value, departments, error, onChange }: DepartmentProps) {
  return (
    <FormField label={t('Отдел')} error={error}>
      <select
        className="input"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value ? Number(event.target.value) : null)}
      >
        <option value="">{t('без отдела')}</option>
        {walk(departments).map((row) => (
          <option key={row.department.id} value={row.department.id}>
            {'\u00A0\u00A0'.repeat(row.depth) + row.department.title}
          </option>
        ))}
      </select>
    </FormField>
  );
}
