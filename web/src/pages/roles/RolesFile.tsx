import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import { forgetRights } from '~/entities/role/role.ts';
import { refusalText } from '~/features/rights/refusal.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';

/** Roles as a file: out of this portal, or into it. */
export function RolesFile({ way, onClose }: { way: 'export' | 'import'; onClose: () => void }) {
  return way === 'export' ? <Export onClose={onClose} /> : <Import onClose={onClose} />;
}

async function rolesText(): Promise<string> {
  const answer = await fetch('/api/roles/export', { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(t('Сервер не справился, код {code}', { code: answer.status }));
  return answer.text();
}

function Export({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery({ queryKey: ['roles', 'file'], queryFn: rolesText, staleTime: 0 });
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([data ?? ''], { type: 'application/yaml' }));
    link.download = 'roles.yaml';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Dialog title={t('Роли файлом')} onClose={onClose} size={680}>
      <div className="col g12">
        <p className="t2">{t('Все роли словами файла: его можно хранить, сравнивать и загрузить в другой портал.')}</p>
        {error && <ErrorNote title={t('Файл не собрался')} error={error} retry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={5} />}
        {data && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls has to be reached by the keyboard
          <pre className="codebox roles-text" tabIndex={0}>
            {data}
          </pre>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Закрыть')}</Button>
          <Button look="pri" icon="down" disabled={!data} onClick={save}>
            {t('Сохранить файл')}
          </Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
}

function Import({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [yaml, setYaml] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      await api.post('/roles/import', { yaml });
      forgetRights(client);
      onClose();
      toast({ text: t('Роли загружены') });
    } catch (refusal) {
      setError(refusalText(refusal));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('Загрузить роли')} onClose={onClose} size={680}>
      <form className="col g12" onSubmit={send}>
        <FormField label={t('Файл')}>
          <input
            type="file"
            accept=".yaml,.yml,text/yaml"
            onChange={(event) => void event.target.files?.[0]?.text().then(setYaml)}
          />
        </FormField>
        <FormField
          label={t('Или текст')}
          hint={t('Роль с тем же названием получит строки из файла, остальные роли не изменятся')}
          error={error || undefined}
        >
          <textarea
            className="area mono"
            rows={12}
            spellCheck={false}
            value={yaml}
            onChange={(event) => setYaml(event.target.value)}
          />
        </FormField>
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy} disabled={!yaml.trim()}>
            {t('Загрузить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
