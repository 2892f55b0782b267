// Runs before the first paint: the theme, density and language chosen last time, so that nothing flashes or jumps. The
// manifest is named here because it speaks the reader's language.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(`voronka.${key}`);
    } catch {
      return null;
    }
  };
  const theme = read('theme') || 'auto';
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.setAttribute('data-density', read('density') || 'compact');
  root.lang = read('lang') || ((navigator.language || 'ru').startsWith('ru') ? 'ru' : 'en');
  const manifest = document.createElement('link');
  manifest.rel = 'manifest';
  manifest.href = `/manifest.${root.lang}.webmanifest`;
  document.head.append(manifest);
})();
