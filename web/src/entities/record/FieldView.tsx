import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Field, FileValue, LinkValue, MoneyValue, PhoneValue } from '~/api/types.ts';
import { hrefOf, titleOf, useNames } from '~/entities/catalog/catalog.ts';
import { bytes, day, money, number, phone, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';

/** The title of a list value by its code. */
export function valueTitle(field: Field, code: unknown): string {
  const value = field.values?.find((each) => each.code === code);
  return value ? titleOf(value) : String(code ?? '');
}

const blank = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);

/** A value of any field as short text, for tooltips, journals and conflicts. */
export function fieldText(field: Field, value: unknown, nameOf: (id: number) => string): string {
  if (blank(value)) return '—';
  switch (field.kind) {
    case 'money':
      return money((value as MoneyValue).minor, (value as MoneyValue).currency);
    case 'integer':
      return number(Number(value));
    case 'decimal':
      return number(Number(value), 9);
    case 'bool':
      return value ? t('да') : t('нет');
    case 'date':
      return day(String(value));
    case 'datetime':
      return when(Date.parse(String(value)));
    case 'list':
      return valueTitle(field, value);
    case 'multilist':
      return (value as unknown[]).map((code) => valueTitle(field, code)).join(', ');
    case 'user':
      return nameOf(Number(value));
    case 'link':
      return linkText(value as LinkValue);
    case 'links':
      return (value as LinkValue[]).map(linkText).join(', ');
    case 'phone':
    case 'email':
      return contacts(value)
        .map((each) => (field.kind === 'phone' ? phone(each.e164 || each.value) : each.value))
        .join(', ');
    case 'file':
      return (Array.isArray(value) ? (value as FileValue[]) : [value as FileValue]).map((file) => file.name).join(', ');
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

function linkText(link: LinkValue | number): string {
  if (typeof link === 'number') return t('№ {id}', { id: link });
  return link.title || t('№ {id}', { id: link.id });
}

/** Phones and e-mails in one shape, whether the server gave objects or strings. */
export function contacts(value: unknown): PhoneValue[] {
  const list = Array.isArray(value) ? value : value ? [value] : [];
  return list.map((each) => (typeof each === 'string' ? { value: each } : (each as PhoneValue)));
}

/** A value of a field as the card and list show it; null when there is none. */
export function FieldView({ field, value }: { field: Field; value: unknown }): ReactNode {
  const nameOf = useNames();
  if (blank(value)) return null;
  switch (field.kind) {
    case 'money':
      return <b className="num">{fieldText(field, value, nameOf)}</b>;
    case 'integer':
    case 'decimal':
    case 'date':
    case 'datetime':
      return <span className="num">{fieldText(field, value, nameOf)}</span>;
    case 'multilist':
      return (
        <span className="row g4 wrap">
          {(value as unknown[]).map((code) => (
            <span key={String(code)} className="badge">
              {valueTitle(field, code)}
            </span>
          ))}
        </span>
      );
    case 'user':
      return (
        <span className="row g6">
          <Avatar id={Number(value)} name={nameOf(Number(value))} silent />
          <span className="ell">{nameOf(Number(value))}</span>
        </span>
      );
    case 'phone':
    case 'email':
      return (
        <span className="col g2">
          {contacts(value).map((each) => (
            <span key={each.value} className="num ell">
              {field.kind === 'phone' ? phone(each.e164 || each.value) : each.value}
            </span>
          ))}
        </span>
      );
    case 'file':
      return (
        <span className="col g2">
          {(Array.isArray(value) ? (value as FileValue[]) : [value as FileValue]).map((file) => (
            <span key={file.id} className="ell">
              {file.name} <span className="t3">{bytes(file.size)}</span>
            </span>
          ))}
        </span>
      );
    case 'longtext':
      return <span className="pre">{String(value)}</span>;
    default:
      return <span className="ell">{fieldText(field, value, nameOf)}</span>;
  }
}

/** What can be pressed beside a value: the linked record, the site. It stands next to the field, never inside its button. */
export function FieldLink({ field, value }: { field: Field; value: unknown }): ReactNode {
  if (blank(value)) return null;
  if (field.kind === 'link') {
    const link = value as LinkValue;
    const type = link.type ?? field.link_type;
    if (!type || !link.id || !link.title) return null; // without a title it is not open to the reader
    return (
      <Link
        to={hrefOf(type, link.id)}
        className="field-link"
        aria-label={t('Открыть: {title}', { title: linkText(link) })}
      >
        <Icon name="up" small />
      </Link>
    );
  }
  if (field.kind === 'url') {
    return (
      <a
        className="field-link"
        href={safeUrl(String(value))}
        target="_blank"
        rel="noreferrer noopener"
        aria-label={t('Открыть ссылку')}
      >
        <Icon name="up" small />
      </a>
    );
  }
  return null;
}

/** An outside address, or nothing when it is not one a browser should follow. */
export function safeUrl(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  return /^https?:\/\//i.test(url) ? url : undefined;
}
