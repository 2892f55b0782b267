import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import { type WorkingDay, workingDayQuery } from '~/entities/hours/hours.ts';
import { t } from '~/i18n/index.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import type { IconName } from '~/ui/icons.ts';
import { toast } from '~/ui/toasts.ts';

export type Act = 'start' | 'pause' | 'resume' | 'finish';

/** One thing a person can do with his working day now. */
export interface DayAct {
  act: Act;
  title: string;
  icon: IconName;
}

/** What can be done with a day, the likeliest first. */
export function actsOf(day: WorkingDay): DayAct[] {
  const finish: DayAct = { act: 'finish', title: t('Завершить рабочий день'), icon: 'check' };
  switch (day.state) {
    case 'started':
      return [{ act: 'pause', title: t('Перерыв'), icon: 'pause' }, finish];
    case 'paused':
      return [{ act: 'resume', title: t('Продолжить рабочий день'), icon: 'play' }, finish];
    case 'finished':
      return [{ act: 'start', title: t('Вернуться к работе'), icon: 'play' }];
    default:
      return [{ act: 'start', title: t('Начать рабочий день'), icon: 'play' }];
  }
}

/** One's working day and how to change it. */
export function useWorkingDay(enabled = true) {
  const client = useQueryClient();
  const { data: day } = useQuery({ ...workingDayQuery, enabled });
  const act = async (what: Act) => {
    try {
      client.setQueryData(workingDayQuery.queryKey, await api.post<WorkingDay>('/working-day', { act: what }));
      await client.invalidateQueries({ queryKey: ['hours', 'working-days'] });
      await client.invalidateQueries({ queryKey: ['drum-state'] });
    } catch (error) {
      toast({ kind: 'error', text: t('Рабочий день не изменился'), detail: errorText(error) });
    }
  };
  return { day, act };
}
