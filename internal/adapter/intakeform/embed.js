// Voronka on a foreign site: <script src="https://crm.example.com/f/embed.js" data-form="KEY" async></script>
// Remembers in this site's localStorage how the visitor came, first and last, and shows the form in a frame that is as high
// as it needs to be. No cookies, nothing is sent anywhere until the form is. Without data-form it only remembers.
// Others: data-lang="ru|en", data-into="CSS selector" (else where the script stands), data-title for readers of the frame.
(() => {
  const me = document.currentScript ?? document.querySelector('script[data-form][src*="/f/embed.js"]');
  if (!me) return;
  const home = new URL(me.src).origin;
  const name = 'voronka.visit';
  const days = 180;

  const marks = ['yclid', 'gclid', 'fbclid', 'vkclid', 'msclkid', 'wbraid', 'gbraid'];
  const bare = (address) => {
    try {
      const url = new URL(address);
      for (const key of [...url.searchParams.keys()]) if (!key.startsWith('utm_') && !marks.includes(key)) url.searchParams.delete(key);
      url.hash = '';
      url.username = '';
      url.password = '';
      return url.href.slice(0, 500);
    } catch {
      return '';
    }
  };

  // One arrival: campaign marks in the address, or a page of somebody else that led here.
  const arrival = () => {
    const url = new URL(location.href);
    const of = (key) => url.searchParams.get(key)?.slice(0, 200) || undefined;
    const click = marks.find((key) => of(key));
    const from = document.referrer && new URL(document.referrer).host !== location.host ? bare(document.referrer) : undefined;
    const touch = {
      at: new Date().toISOString(), landing: bare(location.href), referrer: from, source: of('utm_source'), medium: of('utm_medium'),
      campaign: of('utm_campaign'), content: of('utm_content'), term: of('utm_term'), click: click && `${click}=${of(click)}`,
    };
    return { touch, telling: !!(from || touch.source || touch.medium || touch.campaign || click) };
  };

  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(name));
    if (!kept?.first?.at || Date.now() - Date.parse(kept.last?.at ?? kept.first.at) > days * 864e5) kept = null;
  } catch {
    kept = null;
  }
  // The script may stand on a page twice: the second time it counts no view.
  if (!window.voronkaVisit) {
    const { touch, telling } = arrival();
    if (!kept) kept = { first: touch, last: touch, views: 0 };
    else if (telling) kept.last = touch;
    kept.views = (kept.views || 0) + 1;
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch {
      // Storage is forbidden here: this page's visit is all we know.
    }
    window.voronkaVisit = kept;
  }
  const visit = window.voronkaVisit;

  if (!me.dataset.form) return;
  const show = () => {
    const frame = document.createElement('iframe');
    const lang = me.dataset.lang ? `&lang=${encodeURIComponent(me.dataset.lang)}` : '';
    frame.src = `${home}/f/${encodeURIComponent(me.dataset.form)}?embed=1${lang}`;
    frame.title = me.dataset.title ?? (me.dataset.lang === 'en' ? 'Request form' : 'Форма заявки');
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    Object.assign(frame.style, { width: '100%', height: '420px', border: '0', display: 'block' });
    window.addEventListener('message', (event) => {
      if (event.source !== frame.contentWindow || event.origin !== home || event.data?.voronka !== 1) return;
      const { height, ready, sent } = event.data;
      if (ready) frame.contentWindow.postMessage({ voronka: 1, visit }, home);
      if (Number.isFinite(height)) frame.style.height = `${Math.min(Math.max(height, 60), 6000)}px`;
      if (sent) frame.dispatchEvent(new CustomEvent('voronka:sent', { bubbles: true }));
    });
    const into = me.dataset.into && document.querySelector(me.dataset.into);
    if (into) into.append(frame);
    else if (me.parentNode && me.parentNode !== document.head) me.after(frame);
    else document.body.append(frame);
  };
  if (document.readyState === 'loading' && (me.dataset.into || me.parentNode === document.head)) document.addEventListener('DOMContentLoaded', show);
  else show();
})();
