/* Which rows the list shows, in which order: searched, filtered, sorted, grouped. Pure. */
(function (lrscope) {
  'use strict';

  const STATES = {any: null, waiting: ['queued', 'running'], ended: ['done', 'diverged'], failed: ['failed'], cancelled: ['cancelled']};

  /** What the search looks through. */
  const text = sweep => [sweep.name, sweep.recipe, sweep.owner, sweep.status, sweep.optimizer || '', ...sweep.tags, ...Object.entries(sweep.params).map(([name, value]) => `${name} ${value} ${name}=${value}`)].join('\n').toLowerCase();

  /** Every word of `wanted` occurs somewhere. */
  const matches = (sweep, wanted) => { const all = text(sweep); return wanted.toLowerCase().split(/\s+/).every(word => all.includes(word)); };

  /** By a column's value, numbers as numbers, and what has none last in both directions. */
  function sorted(sweeps, {column, way}, value) {
    const sign = way === 'desc' ? -1 : 1, none = found => found === null || found === undefined || found === '';
    const keyed = sweeps.map((sweep, i) => ({sweep, i, key: value(sweep, column)}));
    keyed.sort((a, b) => {
      if (none(a.key) || none(b.key)) return Number(none(a.key)) - Number(none(b.key)) || a.i - b.i;
      const order = typeof a.key === 'string' ? a.key.localeCompare(b.key, undefined, {numeric: true}) : a.key - b.key;
      return sign * order || a.i - b.i;
    });
    return keyed.map(({sweep}) => sweep);
  }

  /** Sweeps as they came -> [{id}] and, where they are grouped, before each group [{id, group: {key, label, members}}]. */
  function arrange(sweeps, {search = '', state = 'any', starred = false, archived = false, sort = null, group = 'none', closed = []}, value) {
    const kept = sweeps.filter(sweep => (archived || !sweep.archived) && (!starred || sweep.starred) && (!STATES[state] || STATES[state].includes(sweep.status)) && (!search.trim() || matches(sweep, search.trim())));
    const ordered = sort ? sorted(kept, sort, value) : kept;
    if (group === 'none') return ordered.map(({id}) => ({id}));
    return lrscope.groups(ordered, group).flatMap(one => {
      const alone = one.members.length === 1 && one.key === one.members[0].id; // belongs to nothing
      return [...(alone ? [] : [{id: `group ${one.key}`, group: one}]), ...(closed.includes(one.sign) ? [] : one.members.map(({id}) => ({id})))];
    });
  }

  lrscope.arrange = Object.assign(arrange, {matches, STATES});
})((window.lrscope = window.lrscope || {}));
