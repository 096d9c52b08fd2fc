/* What is seen as an address says it, ?s=id,id&m=3.2e-4&y=log, and back. Pure. */
(function (lrscope) {
  'use strict';
  const {parse} = lrscope.numbers;
  const ID = /^[0-9a-z]{16}$/;

  /** Short enough to read, exact enough to come back as it was. */
  const rate = lr => (lr >= 0.1 && lr < 1000 ? String(lr) : lr.toExponential().replace('+', ''));

  const id = {read: text => (ID.test(text) ? text : undefined), write: value => value};
  const flag = {read: text => (text === '1' ? true : undefined), write: () => '1'};
  const oneOf = (...words) => ({read: text => (words.includes(text) ? text : undefined), write: value => value});

  const ends = {
    write: ends => ends.map(value => String(Number(value.toPrecision(4)))).join('..'),
    read: text => { const ends = text.split('..').map(value => (value.trim() ? Number(value) : NaN)); return ends.length === 2 && ends.every(Number.isFinite) && ends[1] > ends[0] ? ends : undefined; },
  };

  /* the fields of a view: their short name, what they are where nothing is said, how they are read and written */
  const FIELDS = {
    sweeps: {
      short: 's', plain: undefined, write: ids => ids.join(','),
      read: text => { const ids = text.split(',').filter(Boolean); return ids.every(one => ID.test(one)) ? [...new Set(ids)].slice(0, 200) : undefined; },
    },
    focus: {short: 'f', plain: null, ...id},
    baseline: {short: 'b', plain: null, ...id},
    layout: {short: 'l', plain: 'overlay', ...oneOf('multiples', 'table')},
    group: {short: 'g', plain: 'none', ...oneOf('seed', 'owner', 'recipe', 'config', 'tag')},
    smoothing: {short: 'sm', plain: 0.2, write: String, read: text => (/^\d(\.\d+)?$/.test(text) && Number(text) <= 2 ? Number(text) : undefined)},
    log_loss: {short: 'y', plain: false, read: text => (text === 'log' ? true : undefined), write: () => 'log'},
    show_all: {short: 'all', plain: false, ...flag},
    normalise: {short: 'n', plain: false, ...flag},
    align: {short: 'al', plain: 'lr', ...oneOf('pick')},
    pane: {short: 'p', plain: null, read: text => (/^[a-z_]\w{0,39}$/i.test(text) ? text : undefined), write: value => value},
    x: {
      short: 'x', plain: null, write: ends => ends.map(lr => rate(Number(lr.toPrecision(4)))).join('..'),
      read: text => { const ends = text.split('..').map(parse); return ends.length === 2 && ends[0] && ends[1] > ends[0] ? ends : undefined; },
    },
    y: {short: 'yr', plain: null, ...ends},
    pane_y: {short: 'pr', plain: null, ...ends},
    panel: {short: 't', plain: 'plot', ...oneOf('sweeps', 'decide')}, // seen where there is room for one
    rules: {short: 'ru', plain: false, ...flag},
    search: {short: 'q', plain: '', read: text => text.slice(0, 200), write: encodeURIComponent}, // from here on: the list
    sort: {
      short: 'o', plain: null, write: ({column, way}) => (way === 'desc' ? '-' : '') + column,
      read: text => { const [, down, column] = /^(-?)([a-z]+)$/.exec(text) || []; return column ? {column, way: down ? 'desc' : 'asc'} : undefined; },
    },
    state: {short: 'st', plain: 'any', ...oneOf('waiting', 'ended', 'failed', 'cancelled')},
    closed: {short: 'fold', plain: null, write: signs => signs.join(','), read: text => (/^[0-9a-z]{1,7}(,[0-9a-z]{1,7}){0,199}$/.test(text) ? text.split(',') : undefined)},
    starred: {short: 'star', plain: false, ...flag},
    archived: {short: 'old', plain: false, ...flag},
    marker: {short: 'm', plain: null, write: rate, read: text => parse(text) || undefined},
  };

  /** {sweeps, focus, log_loss, …} -> "?s=…&f=…", without what is as ever; "" for nothing. */
  function write(state) {
    const said = Object.entries(FIELDS).flatMap(([name, {short, plain, write}]) => {
      const value = state[name];
      return value === undefined || value === null || value === plain ? [] : [`${short}=${write(value)}`];
    });
    return said.length ? `?${said.join('&')}` : '';
  }

  /** "?s=…" -> {state, wrong}: what it says, and the parts that cannot be understood; state is null where it says nothing. */
  function read(search) {
    const params = new URLSearchParams(search), state = {}, wrong = [];
    if (params.has('sweep')) { params.set('f', params.get('sweep')); params.delete('sweep'); } // addresses given out before
    for (const [name, field] of Object.entries(FIELDS)) {
      if (!params.has(field.short)) continue;
      const value = field.read(params.get(field.short));
      if (value === undefined) wrong.push(`${field.short}=${params.get(field.short)}`); else state[name] = value;
    }
    return {state: Object.keys(state).length ? state : null, wrong};
  }

  lrscope.address = {write, read, FIELDS};
})((window.lrscope = window.lrscope || {}));
