import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Page, StageKind } from '~/api/types.ts';

interface Words {
  ru: string;
  en: string;
}

/** A ready business the portal can begin with. */
export interface Business {
  code: string;
  title: Words;
  about: Words;
  take_minutes: number;
  pipelines: { type: string; title: Words; stages: { title: Words; kind: StageKind; color: number; goal: Words }[] }[];
}

export const businessesQuery = queryOptions({
  queryKey: ['businesses'],
  queryFn: () => api.get<Page<Business>>('/businesses'),
  staleTime: Number.POSITIVE_INFINITY,
});
