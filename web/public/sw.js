// The service worker of an installed Voronka: it shows what is pushed and does what its buttons say without opening a page,
// and it has one page of its own for when there is no connection. It keeps nothing of the API and nothing of the portal.
const SHELL = 'voronka-shell-1';
const OFFLINE = '/offline.html';
const KEPT = [OFFLINE, '/offline.css', '/favicon.svg'];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(KEPT))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== 'GET') return;
  if (KEPT.includes(pathname) && request.mode !== 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(pathname).then((kept) => kept ?? Response.error())));
    return;
  }
  if (request.mode !== 'navigate' || pathname.startsWith('/api/') || pathname.startsWith('/f/')) return;
  event.respondWith(
    (async () => {
      try {
        return (await event.preloadResponse) ?? (await fetch(request));
      } catch {
        return (await caches.match(OFFLINE)) ?? Response.error();
      }
    })(),
  );
});

const look = { icon: '/icon-192.png', badge: '/badge-96.png' };

self.addEventListener('push', (event) => {
  let notice = {};
  try {
    notice = event.data?.json() ?? {};
  } catch {
    // Not ours: the browser demands that something is shown all the same.
  }
  const { title = 'Voronka', body = '', tag = 'voronka', lang, url = '/', take } = notice;
  event.waitUntil(
    self.registration.showNotification(title, {
      ...look,
      body,
      tag,
      lang,
      renotify: true,
      requireInteraction: !!take,
      data: { url, take, lang },
      actions: take ? [{ action: 'take', title: take.label }] : [],
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  const data = notification.data ?? {};
  notification.close();
  event.waitUntil(action === 'take' && data.take ? take(notification, data) : open(data.url ?? '/'));
});

/** Takes the offer of a notification and says how it went in its place. */
async function take(notification, data) {
  let text = data.take.failed;
  let url = data.url;
  try {
    const answer = await fetch('/api/push/act', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': data.lang ?? '' },
      body: JSON.stringify({ token: data.take.token }),
    });
    const said = await answer.json();
    text = (answer.ok ? said.message : said.detail) ?? text;
    url = said.url ?? url;
  } catch {
    // No connection: the words for it came with the notification.
  }
  await self.registration.showNotification(notification.title, {
    ...look,
    body: text,
    tag: notification.tag,
    lang: data.lang,
    silent: true,
    data: { url },
  });
}

/** Brings an open page to the front, or opens one. */
async function open(url) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) {
    if (new URL(page.url).pathname === url && 'focus' in page) return page.focus();
  }
  if (pages.length && 'navigate' in pages[0]) {
    try {
      await pages[0].focus();
      return await pages[0].navigate(url);
    } catch {
      // A page this worker doesn't control yet can't be led anywhere.
    }
  }
  return self.clients.openWindow(url);
}
