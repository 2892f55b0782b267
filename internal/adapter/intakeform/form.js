// The form's own page: solves the puzzle while a person types, shows and hides conditional fields, and, inside another
// site's page, tells it how high the form is and takes from it how the visitor came. Without this the form still works.
(() => {
  const form = document.querySelector('form');
  const framed = window.parent !== window;
  const tell = (message) => framed && window.parent.postMessage({ voronka: 1, ...message }, '*');

  if (framed) {
    const height = () => tell({ height: Math.ceil(document.querySelector('main').getBoundingClientRect().height) });
    new ResizeObserver(height).observe(document.querySelector('main'));
    height();
    window.addEventListener('message', (event) => {
      if (event.source !== window.parent || !event.data || event.data.voronka !== 1 || !form) return;
      const text = JSON.stringify(event.data.visit ?? null);
      if (text.length < 8000 && text !== 'null') form.elements.attribution.value = text;
    });
    tell({ ready: true });
    if (document.body.dataset.done) tell({ sent: true });
  }
  if (!form) return;

  // Conditional fields. What is hidden counts as empty for those after it.
  const parts = [...form.querySelectorAll('[data-when]')].map((part) => ({ part, when: JSON.parse(part.dataset.when) }));
  const given = (name) =>
    [...form.elements]
      .filter((input) => input.name === name && !input.closest('[hidden]') && (input.type !== 'checkbox' || input.checked))
      .map((input) => input.value.trim())
      .filter(Boolean);
  const arrange = () => {
    for (const { part, when } of parts) {
      const [name, values] = when;
      const wanted = (values ?? []).map((value) => value.toLowerCase());
      part.hidden = !given(name).some((value) => !wanted.length || wanted.includes(value.toLowerCase()));
    }
  };
  form.addEventListener('input', arrange);
  arrange();

  if (form.dataset.draft) {
    form.addEventListener('submit', (event) => event.preventDefault());
    return;
  }

  // The puzzle: the number n for which SHA-256 of "token:n" begins with so many zero bits. It starts with the first touch of
  // the form and works a few milliseconds at a time.
  const bits = Number(form.dataset.bits);
  const opened = Date.now();
  let solving;
  const solve = () => {
    solving ??= new Promise((done) => {
      if (!bits) return done('');
      const solved = puzzle(form.elements.t.value, bits);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        const end = performance.now() + 12;
        while (performance.now() < end) {
          const n = solved(500);
          if (n >= 0) return done(String(n));
        }
        channel.port2.postMessage(0);
      };
      channel.port2.postMessage(0);
    });
    return solving;
  };
  form.addEventListener('focusin', solve, { once: true });

  let sending = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const button = form.querySelector('button');
    const words = button.textContent;
    button.setAttribute('aria-disabled', 'true');
    button.textContent = form.dataset.working;
    const early = Number(form.dataset.wait) + 200 - (Date.now() - opened);
    Promise.all([solve(), new Promise((done) => setTimeout(done, Math.max(0, early)))]).then(([answer]) => {
      form.elements.w.value = answer;
      form.submit();
    });
    // Whoever comes back to this page may send again: the same once more is the same request.
    window.addEventListener('pageshow', () => {
      sending = false;
      button.removeAttribute('aria-disabled');
      button.textContent = words;
    });
  });

  /** A function that tries so many numbers more and gives the one that solves the puzzle, or -1. */
  function puzzle(token, wanted) {
    const k = new Uint32Array(64);
    const start = new Uint32Array(8);
    for (let n = 2, found = 0; found < 64; n++) {
      let prime = true;
      for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
      if (!prime) continue;
      const fraction = (root) => ((root - Math.floor(root)) * 4294967296) >>> 0;
      if (found < 8) start[found] = fraction(Math.sqrt(n));
      k[found++] = fraction(Math.cbrt(n));
    }
    const w = new Uint32Array(64);
    const block = (state, bytes, at) => {
      for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = state[i] + x; });
    };
    const head = new TextEncoder().encode(`${token}:`);
    const bytes = new Uint8Array(256);
    bytes.set(head);
    const state = new Uint32Array(8);
    let n = 0;
    return (count) => {
      for (const end = n + count; n < end; n++) {
        const digits = String(n);
        let size = head.length;
        for (let i = 0; i < digits.length; i++) bytes[size++] = digits.charCodeAt(i);
        const total = ((size + 72) >> 6) << 6;
        bytes.fill(0, size, total);
        bytes[size] = 128;
        bytes[total - 2] = (size * 8) >> 8;
        bytes[total - 1] = size * 8;
        state.set(start);
        for (let at = 0; at < total; at += 64) block(state, bytes, at);
        if (Math.clz32(state[0]) >= wanted) return n;
      }
      return -1;
    };
  }
})();
