/* The one palette: eight colours and one's own, for the edit dialog, and as a small panel at whatever shows a sweep's colour. */
(function (lrscope) {
  'use strict';
  const {make, button} = lrscope.dom;
  const {PALETTE} = lrscope.colors;
  const NAMES = ['blue', 'orange', 'green', 'violet', 'brown', 'sky', 'mauve', 'grey'];
  const SETTLED_MS = 300; // arrows run through the colours; the last one is kept

  /** Radios, one of them checked; `onpick(color)` at each change. */
  function swatches(color, onpick = _color => {}) {
    const own = !PALETTE.some(one => one.toLowerCase() === color.toLowerCase());
    const one = (value, label, checked) => make('input', 'sr-only', null, {type: 'radio', name: 'color', value, checked, 'aria-label': label, onchange: event => onpick(event.target.value)});
    const radio = one(color, 'another colour, chosen beside', own);
    const other = make('input', 'swatch__own', null, {type: 'color', value: color, title: 'Another colour', 'aria-label': 'Another colour'});
    other.addEventListener('input', () => { radio.value = other.value; radio.checked = true; onpick(other.value); });
    return make('div', 'swatches', [
      ...PALETTE.map((value, i) => {
        const node = make('label', 'swatch', [one(value, NAMES[i], value.toLowerCase() === color.toLowerCase())], {title: NAMES[i]});
        node.style.setProperty('--c', value);
        return node;
      }),
      make('label', 'swatch swatch--own', [radio, other]),
    ]);
  }

  /** The colour its slot gave it. */
  const given = sweep => PALETTE[(sweep.slot || 0) % PALETTE.length];

  /** Under `anchor`: the colour of a sweep, seen at once and kept a moment later. */
  function open(id, anchor) {
    const {store, api} = lrscope.app, sweep = store.sweeps.get(id), before = sweep.color;
    let timer = 0;
    const pick = color => {
      store.sweep({...store.sweeps.get(id), color});
      clearTimeout(timer);
      timer = setTimeout(() => keep(color), SETTLED_MS);
    };
    const keep = async color => {
      try { store.sweep(await api.change(id, {color})); } catch (problem) {
        store.sweep({...store.sweeps.get(id), color: before});
        lrscope.toast(problem.message, {bad: true});
      }
    };
    const radios = swatches(before, pick);
    const reset = button('Back to its own', () => { pick(given(sweep)); sheet.hidePopover(); }, {look: 'quiet', title: 'The colour it was given'});
    reset.disabled = before.toLowerCase() === given(sweep).toLowerCase();
    const sheet = lrscope.popup.sheet(`Colour of ${sweep.name}`, [make('h3', 'sheet__title', 'Colour'), radios, make('div', 'sheet__foot', [reset])], anchor.getBoundingClientRect());
    sheet.addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); sheet.hidePopover(); } });
    radios.querySelector(':checked').focus();
  }

  lrscope.palette = {swatches, open};
})((window.lrscope = window.lrscope || {}));
