import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '~/api/client.ts';
import type { RecordData } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { rulesQuery, standingQuery } from '~/entities/routing/routing.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { toast } from '~/ui/toasts.ts';

/** Why this person answers for a lead or deal: a rule, or somebody who fixed it; and the way back to the rules. */
export function RoutingNote({ record, readOnly }: { record: RecordData; readOnly: boolean }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const { data: rules } = useQuery(rulesQuery);
  // A portal without rules has nothing to tell.
  const ruled = (rules?.length ?? 0) > 1 || rules?.some((rule) => rule.target.kind !== 'door');
  const { data: standing } = useQuery({ ...standingQuery(record.type, record.id), enabled: !!ruled });
  if (!ruled || !standing) return null;
  const fixed = standing.routed_by === 'person';
  const put = async (by: 'rule' | 'person') => {
    try {
      await api.put(`/routings/${record.type}/${record.id}`, { routed_by: by });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['routing', record.type, record.id] }),
      client.invalidateQueries({ queryKey: ['record', record.type, record.id] }),
    ]);
  };
  return (
    <div className="routing-note f12">
      <span className="t2">
        <Icon name={fixed ? 'lock' : 'route'} small />{' '}
        {fixed
          ? standing.user
            ? t('Ответственного закрепил человек: {name}', { name: nameOf(standing.user) })
            : t('Ответственного назначил человек, правила не вмешиваются')
          : standing.rule
            ? t('По правилу «{rule}»', { rule: standing.rule.title || t('Все остальные') })
            : t('Ответственного выбирают правила')}
      </span>
      <span className="row g4">
        <Link to="/settings/routing/test" search={{ record: `${record.type}/${record.id}` }} className="why">
          <Icon name="bolt" small />
          {t('почему?')}
        </Link>
        {!readOnly && !record.closed_at && (
          <Button look="ghost" small onClick={() => void put(fixed ? 'rule' : 'person')}>
            {fixed ? t('Пусть решают правила') : t('Закрепить')}
          </Button>
        )}
      </span>
    </div>
  );
}
