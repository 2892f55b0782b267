import { useMemo } from 'react';
import { placed, usePipelines, useTypes } from '~/entities/catalog/catalog.ts';
import type { FieldRule, Grant } from '~/entities/role/role.ts';
import { type Catalog, fieldWordsOf, type Token, wordsOf } from '~/entities/role/words.ts';
import { language } from '~/i18n/index.ts';
import { StageRing } from '~/ui/StageRing.tsx';

/** What lines of roles speak about. */
export function useCatalog(): Catalog {
  const types = useTypes();
  const pipelines = usePipelines();
  return useMemo(() => ({ types, pipelines }), [types, pipelines]);
}

/** A sentence with chips; pressing a chip does what `onChip` says. */
export function Words({ tokens, onChip }: { tokens: Token[]; onChip?: () => void }) {
  const pipelines = usePipelines();
  return (
    <span className="words">
      {tokens.map((token, at) => {
        if (typeof token === 'string') return <span key={at}>{token}</span>;
        const stage = token.stage ? pipelines.flatMap(placed).find((each) => each.id === token.stage) : undefined;
        const inside = (
          <>
            {stage && <StageRing kind={stage.kind} color={stage.color} share={stage.share} size={12} />}
            {token.chip}
          </>
        );
        return onChip ? (
          // The pencil beside it does the same for the keyboard: chips would only be many stops on the way.
          <button key={at} type="button" tabIndex={-1} className={`tok ${token.kind}`} onClick={onChip}>
            {inside}
          </button>
        ) : (
          <span key={at} className={`tok ${token.kind}`}>
            {inside}
          </span>
        );
      })}
    </span>
  );
}

/** A line of a role in words. */
export function GrantWords({ grant, onChip }: { grant: Grant; onChip?: () => void }) {
  return <Words tokens={wordsOf(grant, useCatalog(), language())} onChip={onChip} />;
}

/** A line about a field in words. */
export function FieldWords({ rule, onChip }: { rule: FieldRule; onChip?: () => void }) {
  return <Words tokens={fieldWordsOf(rule, useCatalog(), language())} onChip={onChip} />;
}
