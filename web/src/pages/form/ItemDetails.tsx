import { titleOf } from '~/entities/catalog/catalog.ts';
import type { Askable, FormItem, Titles } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';

interface Above {
  name: string;
  title: string;
  field?: Askable;
}

interface Props {
  item: FormItem;
  field?: Askable;
  above: Above[];
  change: (more: Partial<FormItem>) => void;
}

/** What one field is called, what it hints at, whether it is wanted, and when it shows. */
export function ItemDetails({ item, field, above, change }: Props) {
  const texts: [keyof FormItem & ('label' | 'hint'), keyof Titles, string][] = [
    ['label', 'ru', t('Подпись по-русски')],
    ['label', 'en', t('Подпись по-английски')],
    ['hint', 'ru', t('Подсказка по-русски')],
    ['hint', 'en', t('Подсказка по-английски')],
  ];
  return (
    <div className="fb-more">
      {texts.map(([part, lang, title]) => (
        <FormField key={part + lang} label={title}>
          <input
            className="input"
            maxLength={300}
            placeholder={part === 'label' ? field?.title : undefined}
            value={item[part]?.[lang] ?? ''}
            onChange={(event) => change({ [part]: { ...item[part], [lang]: event.target.value || undefined } })}
          />
        </FormField>
      ))}
      <label className="row g8 fb-wide">
        <input
          type="checkbox"
          checked={item.required ?? false}
          onChange={(event) => change({ required: event.target.checked || undefined })}
        />
        {t('Обязательно заполнить')}
      </label>
      {above.length > 0 && <Condition item={item} above={above} change={change} />}
    </div>
  );
}

/** When a field shows: always, or with a value of a field further up. */
function Condition({ item, above, change }: Omit<Props, 'field'>) {
  const source = above.find((each) => each.name === item.when?.item);
  const values =
    source?.field?.kind === 'bool'
      ? [{ code: 'true', title: t('да') }]
      : (source?.field?.field?.values ?? []).map((value) => ({ code: value.code, title: titleOf(value) }));
  const is = item.when?.is ?? [];
  const put = (more: string[]) => change({ when: { item: item.when!.item, is: more.length ? more : undefined } });
  return (
    <>
      <FormField label={t('Показывать')}>
        <select
          className="input"
          value={item.when?.item ?? ''}
          onChange={(event) => change({ when: event.target.value ? { item: event.target.value } : undefined })}
        >
          <option value="">{t('всегда')}</option>
          {above.map((each) => (
            <option key={each.name} value={each.name}>
              {t('если заполнено «{title}»', { title: each.title })}
            </option>
          ))}
        </select>
      </FormField>
      {source && values.length > 0 && (
        <fieldset>
          <legend className="label">{t('и в нём одно из')}</legend>
          {values.map((value) => (
            <label key={value.code} className="row g8">
              <input
                type="checkbox"
                checked={is.includes(value.code)}
                onChange={(event) =>
                  put(event.target.checked ? [...is, value.code] : is.filter((each) => each !== value.code))
                }
              />
              {value.title}
            </label>
          ))}
        </fieldset>
      )}
      {source && values.length === 0 && (
        <FormField label={t('и в нём написано')} hint={t('Пусто — что угодно')}>
          <input
            className="input"
            value={is[0] ?? ''}
            onChange={(event) => put(event.target.value ? [event.target.value] : [])}
          />
        </FormField>
      )}
    </>
  );
}
