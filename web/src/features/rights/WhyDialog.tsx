import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RecordData } from '~/api/types.ts';
import { type Op, whyQuery } from '~/entities/role/role.ts';
import { opTitle } from '~/entities/role/titles.ts';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { Answered } from './WhyAnswer.tsx';
import './rights.css';

/** What a person may want to do with a record that is there. */
const asked: Op[] = ['edit', 'move', 'assign', 'delete', 'export'];

/** "Why can't I?": the chain of lines for oneself, in words, with whom to ask. */
export function WhyDialog({ record, op: first, onClose }: { record: RecordData; op?: Op; onClose: () => void }) {
  const can = Array.isArray(record.can) ? (record.can as Op[]) : undefined;
  const [op, setOp] = useState<Op>(first ?? asked.find((each) => can && !can.includes(each)) ?? 'edit');
  const question = { type: record.type, id: record.id, op };
  const { data, error, refetch } = useQuery(whyQuery(question));
  return (
    <Dialog title={t('Почему я не могу…?')} onClose={onClose} size={480}>
      <div className="col g12">
        <div className="seg why-ops" role="group" aria-label={t('Что сделать')}>
          {asked.map((each) => (
            <button
              key={each}
              type="button"
              className={each === op ? 'on' : ''}
              aria-pressed={each === op}
              onClick={() => setOp(each)}
            >
              {opTitle(each)}
            </button>
          ))}
        </div>
        <Answered why={data} error={error} retry={() => void refetch()} question={question} />
      </div>
    </Dialog>
  );
}
