import { useEffect, useState } from 'react';
import type { Pipeline, Stage } from '~/api/types.ts';
import { placed, pluralOf, titleOf, usePipelines, useTypes } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { LostReasons } from './LostReasons.tsx';
import { PipelineForm } from './PipelineForm.tsx';
import { StageForm } from './StageForm.tsx';
import { StageOrder } from './StageOrder.tsx';

/** Pipelines and what stands in them. */
export function PipelinesPage() {
  const types = useTypes().filter((type) => type.staged);
  const pipelines = usePipelines();
  const [chosen, setChosen] = useState<number | null>(null);
  const [stage, setStage] = useState<Stage | 'new' | null>(null);
  const [form, setForm] = useState<Pipeline | { type: string } | null>(null);
  const pipeline = pipelines.find((each) => each.id === chosen) ?? pipelines[0];
  useEffect(() => {
    document.title = `${t('Воронки и стадии')} · Voronka`;
  }, []);
  const edited = stage !== 'new' && stage ? placed(pipeline).find((each) => each.id === stage.id) : undefined;
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Воронки и стадии')}</h1>
      </TopBar>
      <div className="body scroll page side">
        <div className="col g12">
          {types.map((type) => (
            <section key={type.code} className="panel" aria-label={pluralOf(type)}>
              <header>
                <h2 className="panel-title">{pluralOf(type)}</h2>
                <Button look="ghost" small icon="plus" className="push" onClick={() => setForm({ type: type.code })}>
                  {t('Воронка')}
                </Button>
              </header>
              <ul className="lines">
                {pipelines
                  .filter((each) => each.type === type.code)
                  .map((each) => (
                    <li key={each.id} className={each.id === pipeline?.id ? 'on' : ''}>
                      <button
                        type="button"
                        className="pick"
                        aria-current={each.id === pipeline?.id || undefined}
                        onClick={() => {
                          setChosen(each.id);
                          setStage(null);
                        }}
                      >
                        <span className="grow ell">{titleOf(each)}</span>
                        <span className="t3 num">{each.stages.length}</span>
                      </button>
                      <Button
                        look="ghost"
                        small
                        icon="edit"
                        aria-label={t('Изменить воронку «{title}»', { title: titleOf(each) })}
                        onClick={() => setForm(each)}
                      />
                    </li>
                  ))}
              </ul>
            </section>
          ))}
        </div>
        <div className="col g12">
          {pipeline ? (
            <>
              <StageOrder pipeline={pipeline} chosen={edited?.id} onChoose={setStage} onAdd={() => setStage('new')} />
              {(stage === 'new' || edited) && (
                <StageForm
                  key={edited?.id ?? 'new'}
                  pipeline={pipeline}
                  stage={edited}
                  onClose={() => setStage(null)}
                />
              )}
              <LostReasons type={pipeline.type} />
            </>
          ) : (
            <EmptyState icon="funnel" title={t('Воронок ещё нет')} />
          )}
        </div>
      </div>
      {form && (
        <PipelineForm
          pipeline={'id' in form ? form : undefined}
          type={form.type}
          onMade={setChosen}
          onClose={() => setForm(null)}
        />
      )}
    </main>
  );
}
