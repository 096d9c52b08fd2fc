/* Light, dark, or as the system has it. Mantine remembers the choice; this sets it before anything is drawn. */
(function (lrscope) {
  'use strict';
  const MEMORY = 'mantine-color-scheme-value', NEXT = {auto: 'light', light: 'dark', dark: 'auto'};

  function chosen() {
    try { return localStorage.getItem(MEMORY) || 'auto'; } catch (_) { return 'auto'; }
  }

  const dark = scheme => scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);

  const apply = scheme => document.documentElement.setAttribute('data-mantine-color-scheme', dark(scheme) ? 'dark' : 'light');

  function label(button, scheme) {
    const text = `Colour scheme: ${scheme}. Switch to ${NEXT[scheme]}`;
    button.title = text;
    button.setAttribute('aria-label', text);
    button.firstChild.className = `icon icon--${scheme}`;
  }

  /** Mantine listens to other tabs through the storage event; telling it of this one is the same. */
  function choose(scheme) {
    const before = chosen();
    try { localStorage.setItem(MEMORY, scheme); } catch (_) { /* private window */ }
    window.dispatchEvent(new StorageEvent('storage', {key: MEMORY, oldValue: before, newValue: scheme, storageArea: localStorage}));
  }

  function next(button) {
    const scheme = NEXT[chosen()];
    choose(scheme);
    label(button, scheme);
  }

  apply(chosen());
  lrscope.theme = {chosen, choose, next, label};
})((window.lrscope = window.lrscope || {}));
