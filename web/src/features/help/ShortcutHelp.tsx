import { t } from '~/i18n/index.ts';
import { keyName, useActions } from '~/ui/actions.ts';
import { Dialog } from '~/ui/Dialog.tsx';

/** The keys that work on this screen. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const actions = useActions().filter((action) => action.key);
  const groups = [...new Set(actions.map((action) => action.group))];
  const always: [string, string[]][] = [
    [t('ходить по карточкам и строкам'), ['↑', '↓', '←', '→']],
    [t('править поле, сохранить'), ['Enter']],
    [t('не сохранять'), ['Esc']],
    [t('следующее поле'), ['Tab']],
    [t('отметить строку'), [t('Пробел')]],
  ];
  return (
    <Dialog title={t('Клавиши')} onClose={onClose} size={560}>
      <div className="keys">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="f12 t3 m">{group}</h3>
            <dl>
              {actions
                .filter((action) => action.group === group)
                .map((action) => (
                  <div key={action.id} className="key-line">
                    <dt>{action.title}</dt>
                    <dd>
                      <span className="kbd">{keyName(action.key!)}</span>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="f12 t3 m">{t('В списках и полях')}</h3>
          <dl>
            {always.map(([title, keys]) => (
              <div key={title} className="key-line">
                <dt>{title}</dt>
                <dd className="row g4">
                  {keys.map((key) => (
                    <span key={key} className="kbd">
                      {key}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
