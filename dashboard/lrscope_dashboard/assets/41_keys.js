/* The keys of the page, one line each; layout/dialogs.py lists them for people. */
(function (lrscope) {
  'use strict';
  const byId = id => document.getElementById(id);
  const click = id => { const node = byId(id); if (node && !node.disabled) node.click(); };

  const smooth = ({store}, by) => store.setView({smoothing: lrscope.numbers.clamp(Math.round((store.view.smoothing + by) * 50) / 50, 0, 0.6)});

  const keys = {
    '/': () => { const input = document.querySelector('#sweep-filter input'); if (input) { input.focus(); input.select(); } },
    n: () => click('new-sweep'),
    c: ({store, form}) => { const sweep = store.focused(); if (sweep && sweep.reason !== 'imported') form.clone(sweep); },
    j: ({list}) => list.walk(1),
    k: ({list}) => list.walk(-1),
    x: ({store}) => store.focus && store.toggle(store.focus),
    s: ({store}) => store.focus && store.solo(store.focus),
    b: ({store}) => store.focus && store.setBaseline(store.baseline === store.focus ? null : store.focus),
    '*': ({store, actions}) => store.focus && actions.star(store.focus),
    g: ({store, actions}) => { const ways = lrscope.GROUPINGS; actions.group(ways[(ways.indexOf(store.view.group) + 1) % ways.length]); },
    l: ({store}) => store.setView({logLoss: !store.view.logLoss, zoom: lrscope.axes.alongRates(store.view.zoom)}),
    '[': app => smooth(app, -0.02),
    ']': app => smooth(app, 0.02),
    r: ({store}) => store.setView({zoom: null}),
    m: ({marker}) => marker.handle.focus(),
    p: () => click('save-pick'),
    '?': ({dialogs}) => dialogs.help(),
  };

  const TYPING = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]';
  const inDialog = () => document.querySelector('[role=dialog]:not([aria-hidden=true]) :focus, dialog[open]');

  /** What an event asks for. Keyboards write [ ] / ? with AltGr or Option: those are no shortcuts of the browser's. */
  function pressed(event) {
    const composed = event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey && !/^[a-z0-9]$/i.test(event.key));
    if (!composed && (event.ctrlKey || event.metaKey || event.altKey)) return null;
    return event.shiftKey ? event.key : event.key.toLowerCase();
  }

  lrscope.listenToKeys = app => document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.target.closest(TYPING)) return;
    const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    if (undo) { if (lrscope.toast.undo()) event.preventDefault(); return; }
    const key = pressed(event);
    if (key === null || inDialog() || !Object.hasOwn(keys, key)) return;
    event.preventDefault();
    keys[key](app);
  });

  lrscope.keys = keys;
})((window.lrscope = window.lrscope || {}));
