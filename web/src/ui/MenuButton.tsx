import { Menu } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';

export interface MenuEntry {
  title: string;
  icon?: IconName;
  sign?: ReactNode;
  hint?: string;
  on?: boolean;
  danger?: boolean;
  run: () => void;
}

interface Props {
  target: ReactElement;
  /** Entries; a string is a heading, null a line. */
  entries: (MenuEntry | string | null)[];
  label?: string;
  position?: 'bottom-start' | 'bottom-end' | 'top-start' | 'right-end';
  opened?: boolean;
  onChange?: (opened: boolean) => void;
}

/** A button that opens a list of things to do or choose. */
export function MenuButton({ target, entries, label, position = 'bottom-start', opened, onChange }: Props) {
  return (
    <Menu
      position={position}
      opened={opened}
      onChange={onChange}
      withinPortal
      shadow="xl"
      offset={4}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown aria-label={label} data-portal>
        {entries.map((entry, at) => {
          if (entry === null) return <Menu.Divider key={at} />;
          if (typeof entry === 'string') return <Menu.Label key={at}>{entry}</Menu.Label>;
          return (
            <Menu.Item
              key={at}
              className={entry.danger ? 'danger' : undefined}
              leftSection={entry.sign ?? (entry.icon && <Icon name={entry.icon} />)}
              rightSection={
                entry.on ? (
                  <Icon name="check" small />
                ) : entry.hint ? (
                  <span className="kbd">{entry.hint}</span>
                ) : undefined
              }
              aria-current={entry.on || undefined}
              onClick={entry.run}
            >
              {entry.title}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
