import { Combobox, useCombobox } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { t } from '~/i18n/index.ts';
import { folded, otherLayout } from '~/i18n/layout.ts';
import type { EditorInput } from './InlineField.tsx';

export interface Option {
  value: string;
  title: string;
  hint?: string;
  sign?: ReactNode;
}

interface Props {
  options: Option[];
  value: string | null;
  onPick: (value: string | null) => void;
  /** Asks the server for options as the text changes; without it the given ones are filtered. */
  onSearch?: (text: string) => void;
  /** Offers to make a new one out of the text. */
  onCreate?: { title: (text: string) => string; run: (text: string) => void };
  clearable?: boolean;
  placeholder?: string;
  inputProps?: Partial<EditorInput>;
  id?: string;
  label?: string;
  /** Opened at once, for editing in place. */
  open?: boolean;
}

const EMPTY = '\u0000';
const CREATE = '\u0001';

/** A list to choose one from by typing; a wrong keyboard layout is understood. */
export function Picker({
  options,
  value,
  onPick,
  onSearch,
  onCreate,
  clearable,
  placeholder,
  inputProps,
  id,
  label,
  open,
}: Props) {
  const [text, setText] = useState<string | null>(null);
  const combobox = useCombobox({ defaultOpened: open });
  const input = useRef<HTMLInputElement>(null);
  const chosen = options.find((option) => option.value === value);

  useEffect(() => {
    if (open) input.current?.select();
  }, [open]);

  const shown = useMemo(() => {
    if (onSearch || !text) return options;
    const wanted = [text, otherLayout(text)].filter((form): form is string => !!form).map(folded);
    return options.filter((option) =>
      wanted.some((form) => folded(`${option.title} ${option.hint ?? ''}`).includes(form)),
    );
  }, [options, text, onSearch]);

  return (
    <Combobox
      store={combobox}
      withinPortal
      offset={4}
      transitionProps={{ duration: 0 }}
      onOptionSubmit={(picked) => {
        combobox.closeDropdown();
        const typed = text ?? '';
        setText(null);
        if (picked === CREATE) onCreate?.run(typed);
        else onPick(picked === EMPTY ? null : picked);
      }}
    >
      <Combobox.Target>
        <input
          ref={input}
          {...inputProps}
          id={id ?? inputProps?.id}
          aria-label={label ?? inputProps?.['aria-label']}
          className="input"
          autoComplete="off"
          placeholder={placeholder ?? t('выберите')}
          value={text ?? chosen?.title ?? ''}
          onChange={(event) => {
            setText(event.currentTarget.value);
            onSearch?.(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => open && combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            setText(null);
          }}
          onKeyDown={(event) => {
            // Enter belongs to the list while a line of it is marked.
            if (event.key !== 'Enter' || !combobox.dropdownOpened) return;
            if (combobox.getSelectedOptionIndex() >= 0) event.stopPropagation();
            // What was typed and fits one only is that one.
            else if (text && shown.length === 1 && !onSearch && !onCreate) {
              event.preventDefault();
              event.stopPropagation();
              combobox.closeDropdown();
              setText(null);
              onPick(shown[0]!.value);
            }
          }}
        />
      </Combobox.Target>
      {/* A press on the list is a press inside the popover the input stands in, though it is drawn at the end of the page. */}
      <Combobox.Dropdown
        data-portal
        onMouseDown={(event) => event.nativeEvent.stopPropagation()}
        onTouchStart={(event) => event.nativeEvent.stopPropagation()}
      >
        <Combobox.Options className="picker-list" aria-label={label ?? inputProps?.['aria-label']}>
          {clearable && value !== null && <Combobox.Option value={EMPTY}>{t('Не указано')}</Combobox.Option>}
          {shown.slice(0, 200).map((option) => (
            <Combobox.Option
              key={option.value}
              value={option.value}
              active={option.value === value}
              className="picker-option"
            >
              {option.sign}
              <span className="ell">{option.title}</span>
              {option.hint && <span className="t3 f12 ell push">{option.hint}</span>}
            </Combobox.Option>
          ))}
          {onCreate && text && text.trim().length > 1 && (
            <Combobox.Option value={CREATE}>{onCreate.title(text.trim())}</Combobox.Option>
          )}
          {!shown.length && !(onCreate && text) && <Combobox.Empty>{t('Ничего не нашлось')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
