import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page, Token } from '~/api/types.ts';
import { usesTitle } from '~/entities/account/account.ts';
import { pluralOf, useTypes } from '~/entities/catalog/catalog.ts';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { TokenDialog } from './TokenDialog.tsx';

/** The tokens of a person or a program, each with what it is for. */
export function TokenList({ user }: { user?: number }) {
  const client = useQueryClient();
  const types = useTypes();
  const key = ['tokens', user ?? 'mine'];
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Page<Token>>('/tokens', { user }, signal).then((page) => page.items),
  });
  const [adding, setAdding] = useState(false);
  const reload = () => client.invalidateQueries({ queryKey: key });
  const revoke = async (token: Token) => {
    try {
      await api.delete(`/tokens/${token.id}`, { user });
      await reload();
    } catch (error) {
      toast({ kind: 'error', text: t('Токен остался'), detail: errorText(error) });
    }
  };
  const titleOf = (code: string) => {
    const type = types.find((each) => each.code === code);
    return type ? pluralOf(type) : code;
  };
  const words = (token: Token) =>
    [
      token.uses?.map(usesTitle).join(', '),
      token.types?.map(titleOf).join(', '),
      token.used_at ? t('работал {day}', { day: day(Date.parse(token.used_at)) }) : t('ещё не работал'),
      token.expires_at ? t('до {day}', { day: day(Date.parse(token.expires_at)) }) : t('бессрочный'),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <>
      <ul className="lines">
        {data?.map((token) => (
          <li key={token.id}>
            <span className="grow">
              <span className="m ell me-name">{token.title}</span>
              <span className="f12 t3 me-name">{words(token)}</span>
            </span>
            <Button
              small
              look="redline"
              aria-label={t('Отозвать {name}', { name: token.title })}
              onClick={() => void revoke(token)}
            >
              {t('Отозвать')}
            </Button>
          </li>
        ))}
        <li>
          <span className="grow f12 t3">{data?.length ? '' : t('Токенов ещё нет')}</span>
          <Button small icon="plus" onClick={() => setAdding(true)}>
            {t('Новый токен')}
          </Button>
        </li>
      </ul>
      {adding && <TokenDialog user={user} onMade={reload} onClose={() => setAdding(false)} />}
    </>
  );
}
