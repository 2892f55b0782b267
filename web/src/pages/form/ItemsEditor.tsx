import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Askable, FormItem, FormOptions } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { ItemDetails } from './ItemDetails.tsx';

interface Props {
  draft: FormOptions;
  fields: Askable[];
  errors: Record<string, string>;
  put: (more: Partial<FormOptions>) => void;
}

/**
 * The fields of a form in their order. All by keyboard: Enter opens a line, Alt with an arrow moves it, Delete removes it; the
 * focus goes with the line.
 */
export function ItemsEditor({ draft, fields, errors, put }: Props) {
  const items = draft.items ?? [];
  const [open, setOpen] = useState<string | null>(null);
  const focus = useRef<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (focus.current === null) return;
    const at = items.findIndex((item) => item.name === focus.current);
    focus.current = null;
    (
      list.current?.querySelectorAll<HTMLElement>('.fb-name')[at] ??
      document.querySelector<HTMLElement>('.fb-add input')
    )?.focus();
  });
  const find = (name: string) => fields.find((each) => each.name === name);
  const titleOf = (item: FormItem) => item.label?.ru || item.label?.en || find(item.name)?.title || item.name;

  const change = (at: number, more: Partial<FormItem>) =>
    put({ items: items.map((item, place) => (place === at ? { ...item, ...more } : item)) });
  const move = (at: number, by: number) => {
    const to = at + by;
    const one = items[at];
    if (!one || to < 0 || to >= items.length) return;
    const next = items.filter((_, place) => place !== at);
    next.splice(to, 0, one);
    focus.current = one.name;
    put({ items: sound(next) });
  };
  const remove = (at: number) => {
    focus.current = items[at + 1]?.name ?? items[at - 1]?.name ?? '';
    put({ items: sound(items.filter((_, place) => place !== at)) });
  };
  const add = (name: string) => {
    focus.current = name;
    put({ items: [...items, { name }] });
  };
  const onKey = (event: KeyboardEvent, at: number) => {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      move(at, event.key === 'ArrowUp' ? -1 : 1);
    } else if (event.key === 'Delete') {
      event.preventDefault();
      remove(at);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      list.current?.querySelectorAll<HTMLElement>('.fb-name')[at + (event.key === 'ArrowUp' ? -1 : 1)]?.focus();
    }
  };
  return (
    <section className="panel" aria-label={t('Поля')}>
      <header>
        <h2 className="panel-title">{t('Поля')}</h2>
        <span className="t3 f12">{t('Alt со стрелками двигает строку, Delete убирает')}</span>
      </header>
      <ol ref={list}>
        {items.map((item, at) => {
          const title = titleOf(item);
          const wrong = Object.entries(errors).find(([path]) => path.startsWith(`form/items/${at}/`))?.[1];
          return (
            <li key={item.name} className="fb-item">
              <div className="fb-line">
                <button
                  type="button"
                  className="fb-name"
                  aria-expanded={open === item.name}
                  onClick={() => setOpen(open === item.name ? null : item.name)}
                  onKeyDown={(event) => onKey(event, at)}
                >
                  <Icon name={open === item.name ? 'cu' : 'cd'} small />
                  <span className="ell">{title}</span>
                  {find(item.name)?.of && <span className="t3 f12 ell">{find(item.name)?.of}</span>}
                </button>
                {item.required && <Badge>{t('обязательно')}</Badge>}
                {item.when && <Badge tone="a">{t('по условию')}</Badge>}
                <Button
                  look="ghost"
                  small
                  icon="cu"
                  disabled={at === 0}
                  aria-label={t('Выше: {name}', { name: title })}
                  onClick={() => move(at, -1)}
                />
                <Button
                  look="ghost"
                  small
                  icon="cd"
                  disabled={at === items.length - 1}
                  aria-label={t('Ниже: {name}', { name: title })}
                  onClick={() => move(at, 1)}
                />
                <Button
                  look="ghost"
                  small
                  icon="trash"
                  aria-label={t('Убрать: {title}', { title })}
                  onClick={() => remove(at)}
                />
              </div>
              {wrong && (
                <p className="hint danger in" role="alert">
                  {wrong}
                </p>
              )}
              {open === item.name && (
                <ItemDetails
                  item={item}
                  field={find(item.name)}
                  above={items
                    .slice(0, at)
                    .map((each) => ({ name: each.name, title: titleOf(each), field: find(each.name) }))}
                  change={(more) => change(at, more)}
                />
              )}
            </li>
          );
        })}
      </ol>
      <div className="fb-add">
        <Picker
          label={t('Добавить поле')}
          placeholder={t('Добавить поле')}
          options={fields
            .filter((field) => !items.some((item) => item.name === field.name))
            .map((field) => ({ value: field.name, title: field.title, hint: field.of }))}
          value={null}
          onPick={(name) => name && add(name)}
        />
      </div>
    </section>
  );
}

/** Conditions that look at a line that isn't further up any more are dropped. */
function sound(items: FormItem[]): FormItem[] {
  return items.map((item, at) =>
    item.when && !items.slice(0, at).some((each) => each.name === item.when?.item)
      ? { ...item, when: undefined }
      : item,
  );
}
