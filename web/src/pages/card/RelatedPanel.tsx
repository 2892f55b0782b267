import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MoneyValue, RecordData } from '~/api/types.ts';
import { hrefOf, pluralOf, stageOf, titleOf, usePipelines, useTypes } from '~/entities/catalog/catalog.ts';
import { relatedQuery } from '~/entities/record/queries.ts';
import { Money } from '~/ui/Money.tsx';
import { StageRing } from '~/ui/StageRing.tsx';

/** What is being sold to a client: leads and deals that link to it, newest first. */
export function RelatedPanel({ record }: { record: RecordData }) {
  const types = useTypes().filter(
    (type) => type.staged && type.fields.some((field) => field.link_type === record.type),
  );
  return (
    <>
      {types.map((type) => (
        <RelatedOf
          key={type.code}
          record={record}
          type={type.code}
          title={pluralOf(type)}
          field={type.fields.find((field) => field.link_type === record.type)?.code ?? ''}
        />
      ))}
    </>
  );
}

function RelatedOf({ record, type, title, field }: { record: RecordData; type: string; title: string; field: string }) {
  const pipelines = usePipelines(type);
  const { data } = useQuery(relatedQuery(type, field, record.id));
  if (!data?.length) return null;
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2 className="panel-title">{title}</h2>
      </header>
      <ul className="lines">
        {data.map((item) => {
          const stage = stageOf(pipelines, { ...item, type });
          return (
            <li key={item.id}>
              {stage && <StageRing kind={stage.kind} color={stage.color} share={stage.share} />}
              <Link to={hrefOf(type, item.id)} className="pick link-quiet">
                <span className="ell">{item.title}</span>
                {stage && <span className="sr">{titleOf(stage)}</span>}
              </Link>
              {item.amount ? <Money value={item.amount as MoneyValue} short /> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
