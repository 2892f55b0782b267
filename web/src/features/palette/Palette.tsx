import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { api } from '~/api/client.ts';
import type { Page, SearchHit } from '~/api/types.ts';
import { hrefOf, pluralOf, useTypes } from '~/entities/catalog/catalog.ts';
import { type Place, typeIcon } from '~/features/places/place.ts';
import { t } from '~/i18n/index.ts';
import { folded, otherLayout } from '~/i18n/layout.ts';
import { type Action, keyName, useActions } from '~/ui/actions.ts';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';

interface Line {
  key: string;
  group: string;
  title: string;
  hint?: string;
  icon: IconName;
  hotkey?: string;
  href?: string;
  run?: () => void;
  /** Found only as the text would be on the other keyboard layout. */
  other?: boolean;
}

/** Both readings of a text: as typed, and as it would be on the other keyboard layout. */
export function readings(text: string): string[] {
  const clean = text.trim();
  const other = otherLayout(clean);
  return other && other !== clean ? [clean, other] : [clean];
}

/** Whether any reading is part of the words. */
export function fits(words: string, forms: string[]): boolean {
  const text = folded(words);
  return forms.some((form) =>
    folded(form)
      .split(/\s+/)
      .every((part) => text.includes(part)),
  );
}

/** Whether the words fit only as they would be typed on the other layout. */
function fitsOther(words: string, forms: string[]): boolean {
  return forms.length > 1 && !fits(words, forms.slice(0, 1)) && fits(words, forms.slice(1));
}

/** A text with the part that was looked for marked. */
function Marked({ text, forms }: { text: string; forms: string[] }): ReactNode {
  const low = folded(text);
  for (const form of forms) {
    const at = form ? low.indexOf(folded(form)) : -1;
    if (at >= 0) {
      return (
        <>
          {text.slice(0, at)}
          <mark>{text.slice(at, at + form.length)}</mark>
          {text.slice(at + form.length)}
        </>
      );
    }
  }
  return text;
}

function useHits(forms: string[], enabled: boolean) {
  const plural = new Map(useTypes().map((type) => [type.code, pluralOf(type)]));
  const { data, isFetching } = useQuery({
    queryKey: ['search', ...forms],
    enabled,
    staleTime: 10_000,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(forms.map((q) => api.get<Page<SearchHit>>('/search', { q }, signal)));
      const seen = new Set<string>();
      return pages
        .flatMap((page, at) => page.items.map((hit) => ({ ...hit, other: at > 0 })))
        .filter((hit) => !seen.has(`${hit.type}/${hit.id}`) && seen.add(`${hit.type}/${hit.id}`));
    },
  });
  const lines: Line[] = (data ?? []).map((hit) => ({
    key: `${hit.type}/${hit.id}`,
    group: plural.get(hit.type) ?? hit.type,
    title: hit.title,
    hint: hit.hint,
    icon: typeIcon(hit.type),
    href: hrefOf(hit.type, hit.id),
    other: hit.other,
  }));
  return { lines: enabled ? lines : [], isFetching };
}

/** Ctrl K: finds records, does actions, opens settings; understands the wrong keyboard layout. */
export function Palette({
  places,
  onClose,
  create,
  typed,
}: {
  places: Place[];
  onClose: () => void;
  create?: (title: string) => void;
  /** What was typed before the palette was here. */
  typed?: RefObject<string>;
}) {
  const [text, setText] = useState(typed?.current ?? '');
  const [active, setActive] = useState(0);
  const actions = useActions();
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const asked = useDeferredValue(text);
  const forms = useMemo(() => readings(asked), [asked]);
  const hits = useHits(forms, asked.trim().length >= 2);

  const lines = useMemo<Line[]>(() => {
    const doing = actions.filter(
      (action: Action) => !action.hidden && (!asked || fits(`${action.title} ${action.words ?? ''}`, forms)),
    );
    const going = places.filter((place) => !asked || fits(`${place.title} ${place.where} ${place.words ?? ''}`, forms));
    const found: Line[] = [
      ...hits.lines,
      ...doing.map((action) => ({
        key: `do ${action.id}`,
        group: t('Действия'),
        title: action.title,
        icon: action.icon ?? ('ar' as const),
        hotkey: action.key,
        run: action.run,
        other: fitsOther(`${action.title} ${action.words ?? ''}`, forms),
      })),
      ...going.map((place) => ({
        key: `go ${place.href}`,
        group: t('Разделы и настройки'),
        title: place.title,
        hint: place.where,
        icon: place.icon,
        href: place.href,
        other: fitsOther(`${place.title} ${place.where} ${place.words ?? ''}`, forms),
      })),
    ];
    if (!create || asked.trim().length < 2) return found;
    // What was meant: the other layout when everything was found by that.
    const meant = found.length && found.every((line) => line.other) ? (forms[1] ?? asked.trim()) : asked.trim();
    // The last choice, so that Enter on the name of a page or an action opens that.
    return [
      ...found,
      {
        key: 'create',
        group: t('Добавить'),
        title: t('Новая запись: «{title}»', { title: meant }),
        icon: 'plus',
        run: () => create(meant),
      },
    ];
  }, [actions, places, asked, forms, hits.lines, create]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question starts at the top
  useEffect(() => setActive(0), [asked]);
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${active}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  const pick = (line: Line | undefined, newTab: boolean) => {
    if (!line) return;
    if (line.href && newTab) return void window.open(line.href, '_blank', 'noopener');
    onClose();
    if (line.href) void navigate({ to: line.href });
    else setTimeout(() => line.run?.(), 0);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (lines.length) setActive((at) => (at + (event.key === 'ArrowDown' ? 1 : lines.length - 1)) % lines.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(lines[active], event.ctrlKey || event.metaKey);
    }
  };

  const other = asked.trim().length >= 2 && lines.some((line) => line.other) ? forms[1] : undefined;
  let group = '';
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={680}
      yOffset={96}
      padding={0}
      classNames={{ content: 'pal' }}
      aria-label={t('Поиск и команды')}
      transitionProps={{ duration: 0 }}
    >
      <div className="row q">
        <Icon name="search" />
        <input
          data-autofocus
          autoFocus
          className="q-input"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={lines.length ? `${id}-${active}` : undefined}
          aria-label={t('Поиск и команды')}
          placeholder={t('Найти или выполнить…')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {other && (
          <span className="badge c">
            <Icon name="globe" />
            {t('ищем и «{text}»', { text: other })}
          </span>
        )}
        <span className="kbd only-d">Esc</span>
      </div>
      <div className="pb" ref={list} id={`${id}-list`} role="listbox" aria-label={t('Найденное')}>
        {lines.map((line, at) => {
          const head = line.group !== group;
          group = line.group;
          return (
            <div key={line.key} role="presentation">
              {head && <h3 role="presentation">{line.group}</h3>}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys belong to the input */}
              <div
                id={`${id}-${at}`}
                role="option"
                tabIndex={-1}
                aria-selected={at === active}
                className={`pal-line ${at === active ? 'on' : ''}`}
                onMouseMove={() => setActive(at)}
                onClick={(event) => pick(line, event.ctrlKey || event.metaKey)}
              >
                <Icon name={line.icon} />
                <span className="tt ell">
                  <Marked text={line.title} forms={line.key === 'create' ? [] : forms} />
                </span>
                {line.hint && (
                  <span className="t3 ell f12">
                    <Marked text={line.hint} forms={forms} />
                  </span>
                )}
                <span className="push" />
                {line.hotkey ? (
                  <span className="kbd only-d">{keyName(line.hotkey)}</span>
                ) : (
                  at === active && <span className="kbd only-d">Enter</span>
                )}
              </div>
            </div>
          );
        })}
        {!lines.length && !hits.isFetching && (
          <p className="t3 pal-none">{t('Ничего не нашлось. Попробуйте часть названия, телефон или почту')}</p>
        )}
      </div>
      <footer className="row g16 f12 t3 only-d pal-foot">
        <span className="row g6">
          <span className="kbd">↑</span>
          <span className="kbd">↓</span>
          {t('выбрать')}
        </span>
        <span className="row g6">
          <span className="kbd">Ctrl ↵</span>
          {t('в новой вкладке')}
        </span>
        <span className="push num" aria-live="polite">
          {t('{n, plural, one {# строка} few {# строки} many {# строк} other {# строки}}', { n: lines.length })}
        </span>
      </footer>
    </Modal>
  );
}
