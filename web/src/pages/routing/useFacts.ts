import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Field } from '~/api/types.ts';
import { useDepartments } from '~/entities/catalog/catalog.ts';
import { factsQuery, fieldOfFact } from '~/entities/routing/routing.ts';

/** What rules may look at, as the builder of conditions knows fields. */
export function useFacts(): Field[] {
  const { data } = useQuery(factsQuery);
  const departments = useDepartments();
  return useMemo(() => {
    const own = departments.map((each) => ({ code: String(each.id), title_ru: each.title, title_en: each.title }));
    return (data ?? []).map((fact) => {
      const field = fieldOfFact(fact);
      return fact.kind === 'department' ? { ...field, values: own } : field;
    });
  }, [data, departments]);
}
