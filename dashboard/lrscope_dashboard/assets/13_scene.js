/* What is to be drawn: the visible curves with their places, their groups, and the strokes all of it is made of. No DOM. */
(function (lrscope) {
  'use strict';
  const {axes, colors, smoothing} = lrscope;
  const OWN_GHOSTS = 12; // with more curves than this the raw losses share one grey trace
  const MOST_GHOSTS = 40; // and with more than this, fog: only the focused sweep's are drawn
  const HELD_OUT = 'val_loss'; // the extra series that is a loss

  /**
   * The visible sweeps that have points, the focused one last and so on top: [{sweep, curve, line, place, end}]. Of the
   * points of its line, those from `end` on only jump about after a blow-up.
   */
  function standing(store) {
    const {smoothing: width, normalise, align, showAll} = store.view, found = [];
    for (const sweep of store.shown().reverse()) {
      const curve = store.curves.get(sweep.id);
      if (!curve || !curve.lr.length || (align === 'pick' && !sweep.pick)) continue;
      const line = curve.line(width), fold = normalise && line.shape ? axes.normal(line.shape) : axes.PLAIN;
      found.push({sweep, curve, line, place: {...fold, dx: align === 'pick' ? Math.log10(sweep.pick.lr) : 0}, end: showAll ? line.x.length : axes.blowUp(line)});
    }
    return found.sort((a, b) => Number(a.sweep.id === store.focus) - Number(b.sweep.id === store.focus));
  }

  /** The groups of several curves, with the band between their extremes and their median, in drawn numbers. */
  function bundles(items, by) {
    const byId = new Map(items.map(item => [item.sweep.id, item]));
    return lrscope.groups(items.map(item => item.sweep), by === 'none' ? 'seed' : by).filter(({members}) => members.length > 1).map(({key, label, members, first}) => {
      const own = members.map(sweep => byId.get(sweep.id));
      const version = own.map(stamp).join(';');
      return {key, label, members: own, first, version, band: band(version, own)};
    });
  }

  const kept = new Map(); // bands by the points they were made of

  function band(version, members) {
    if (!kept.has(version)) {
      if (kept.size > 200) kept.clear();
      const made = smoothing.band(members.map(({line, place: {dx, shift, scale}}) => ({
        x: line.x.map(x => x - dx), lr: line.lr.map(lr => lr / 10 ** dx), y: line.y.map(y => (y - shift) / scale),
      })));
      kept.set(version, {...made, x: made.lr.map(Math.log10)});
    }
    return kept.get(version);
  }

  /** Tells whether a curve must be drawn again: its points, its smoothing and its place. */
  const stamp = ({sweep, curve, line, place}) => `${sweep.id} ${curve.attempt} ${curve.lr.length} ${line.width} ${place.dx} ${place.shift} ${place.scale}`;

  /** A stroke: one style, and parts that are drawn again only when their version changes. */
  const part = (version, x, y, place = axes.PLAIN) => ({version, x, y, place});

  class Scene {
    /** color(sweep): its colour on this ground. */
    constructor(store, color) {
      this.view = store.view; this.focus = store.focus; this.color = color;
      this.items = standing(store);
      this.bundles = bundles(this.items, this.view.group);
      this.grouped = new Set(this.bundles.flatMap(({members}) => members.map(({sweep}) => sweep.id)));
      this.unpicked = this.view.align === 'pick' ? store.shown().filter(sweep => !sweep.pick) : [];
      this.folded = this.items.filter(({place}) => place.folded).map(({sweep}) => sweep);
      const own = this.items.find(({sweep}) => sweep.id === this.focus);
      this.dx = own ? own.place.dx : 0;
      /** @type {Array<{uid: string, axis?: string, parts: Array<any>, low?: any, style: any}>} */
      this.strokes = [...this.ghosts(), ...this.bundles.map(bundle => this.band(bundle)), ...this.lines(), ...this.bundles.map(bundle => this.middle(bundle)), ...this.heldOut(), ...this.series()]
        .filter(({parts}) => parts.some(({x}) => x.length));
    }

    /** Whether a curve is only a shadow of its group. */
    faint({sweep}) { return this.view.group !== 'none' && this.grouped.has(sweep.id); }

    /** The name at the end of a curve; of a group drawn as one, only its first has one: the group's. */
    label(item) {
      if (!this.faint(item)) return lrscope.called(item.sweep);
      const bundle = this.bundles.find(({members}) => members.includes(item));
      return bundle.first === item.sweep ? bundle.label : null;
    }

    ghosts() {
      const few = this.items.length <= MOST_GHOSTS, shown = this.items.filter(item => !this.faint(item) && (few || item.sweep.id === this.focus));
      const raw = item => part(`raw ${stamp({...item, line: {width: ''}})}`, item.curve.logs, item.curve.loss, item.place);
      if (few && this.items.length > OWN_GHOSTS) return shown.length ? [{uid: 'ghosts', parts: shown.map(raw), style: {color: colors.alpha('#8b93a0', 0.3), width: 1}}] : [];
      return shown.map(item => ({
        uid: `ghost-${item.sweep.id}`, parts: [raw(item)],
        style: {color: colors.alpha(this.color(item.sweep), item.sweep.id === this.focus ? 0.52 : 0.38), width: 1},
      }));
    }

    /** The smooth lines; after a blow-up they are as thin as the raw losses. */
    lines() {
      return this.items.flatMap(item => {
        const {sweep, line: {x, y}, place, end} = item, focused = sweep.id === this.focus, member = this.grouped.has(sweep.id), faint = this.faint(item);
        const strong = focused ? 1 : faint ? 0.32 : member ? 0.55 : this.focus ? 0.85 : 1, dash = faint ? 'solid' : colors.dash(sweep.slot);
        const stroke = (uid, from, to, opacity, width) => ({uid, parts: [part(`${stamp(item)} ${end}`, x.subarray(from, to), y.subarray(from, to), place)], style: {color: colors.alpha(this.color(sweep), opacity), dash, width}});
        return [
          ...(end < x.length ? [stroke(`after-${sweep.id}`, end - 1, x.length, 0.45 * strong, 1)] : []),
          stroke(sweep.id, 0, end, strong, focused && !faint ? 2.5 : member ? 1 : 1.6),
        ];
      });
    }

    /** From the lowest to the highest of a group. */
    band({key, first, version, band}) {
      return {uid: `band-${bare(key)}`, parts: [part(version, band.x, band.high)], low: band.low, style: {color: 'rgba(0,0,0,0)', width: 0, fill: colors.alpha(this.color(first), 0.13)}};
    }

    /** The median of a group: dotted beside its members, plain when they are only its shadow. */
    middle({key, first, version, band}) {
      const alone = this.view.group === 'none';
      return {uid: `middle-${bare(key)}`, parts: [part(version, band.x, band.middle)], style: {color: this.color(first), width: 2.2, dash: alone ? '2px,3px' : colors.dash(first.slot)}};
    }

    /** The validation loss, in the unit of the loss and so on its axis: dotted, through the steps that have one. */
    heldOut() {
      return this.items.filter(({curve}) => curve.series.has(HELD_OUT)).map(item => ({
        uid: `held-${item.sweep.id}`, parts: [measured(item, HELD_OUT, item.place)],
        style: {color: this.color(item.sweep), width: item.sweep.id === this.focus ? 2 : 1.4, dash: '2px,2px'},
      }));
    }

    /** The series of the second pane, as it was measured. */
    series() {
      const {pane} = this.view;
      if (!pane) return [];
      return this.items.filter(({curve}) => curve.series.has(pane)).map(item => ({
        uid: `pane-${item.sweep.id}`, axis: 'y2', parts: [measured(item, pane, {...axes.PLAIN, dx: item.place.dx})],
        style: {color: colors.alpha(this.color(item.sweep), item.sweep.id === this.focus ? 1 : 0.8), width: item.sweep.id === this.focus ? 2 : 1.3, dash: colors.dash(item.sweep.slot)},
      }));
    }

    /** Every curve at the place of a rate of the focused sweep: [{item, lr, loss, y}], `y` as drawn. */
    meet(lr) {
      return this.items.map(item => {
        const own = lr * 10 ** (item.place.dx - this.dx), loss = smoothing.at(item.line, own);
        return {item, lr: own, loss, y: loss === null ? NaN : (loss - item.place.shift) / item.place.scale};
      });
    }
  }

  const bare = key => key.replace(/^[a-z]+:/, '');

  /** The points that have a number in a series. */
  function measured(item, name, place) {
    const column = item.curve.series.get(name), steps = [];
    for (let k = 0; k < column.length; k++) if (Number.isFinite(column[k])) steps.push(k);
    return part(`${name} ${steps.length} ${stamp(item)}`, steps.map(k => item.curve.logs[k]), steps.map(k => column[k]), place);
  }

  /** The extra series of the visible curves that a second pane can show. */
  const seriesOf = store => [...new Set(store.shown().flatMap(({id}) => [...(store.curves.get(id) || {series: new Map()}).series.keys()]))].filter(name => name !== HELD_OUT).sort();

  lrscope.Scene = Scene;
  lrscope.seriesOf = seriesOf;
})((window.lrscope = window.lrscope || {}));
