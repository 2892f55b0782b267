import { type CSSVariablesResolver, createTheme } from '@mantine/core';

const petrol = [
  '#EFF7F9',
  '#E3F0F3',
  '#C4DFE6',
  '#A3CDD8',
  '#7FB7C6',
  '#559DB1',
  '#2F8299',
  '#0B647B',
  '#084F62',
  '#063D4C',
] as const;

/** Mantine speaks in our tokens: sizes, faces, shadows and the one accent. */
export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: 7,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '14px', sm: '16px', md: '18px', lg: '20px', xl: '22px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px' },
  defaultRadius: 'sm',
  shadows: { xs: 'var(--shadow-card)', md: 'var(--shadow-drag)', xl: 'var(--shadow-pop)' },
  respectReducedMotion: true,
  focusRing: 'auto',
});

// tokens.css switches these by the colour scheme; light and dark get the same map to win over Mantine's own.
const variables = {
  '--mantine-color-body': 'var(--bg-sheet)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-default': 'var(--bg-surface)',
  '--mantine-color-default-hover': 'var(--bg-hover)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--danger-text)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent-text)',
};

/** Maps Mantine's variables to our tokens. */
export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables });
