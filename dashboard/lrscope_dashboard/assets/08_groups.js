/* Which sweeps belong together, by what they share. Pure. */
(function (lrscope) {
  'use strict';
  const {format} = lrscope.numbers;

  const params = sweep => Object.entries(sweep.params).map(([name, value]) => `${name} ${value}`);
  const config = ({recipe, params: given, start_lr, end_lr, num_iter, mode}) => JSON.stringify([recipe, Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)), start_lr, end_lr, num_iter, mode]);
  const configLabel = sweep => [sweep.recipe, ...params(sweep), `${format(sweep.start_lr)}–${format(sweep.end_lr)}`].join(' · ');

  /** A sweep's name; of several seeds with one name, each with its own. */
  const called = sweep => (sweep.group ? `${sweep.name} · seed ${sweep.seed}` : sweep.name);

  /** A key in few letters, for addresses: 32 bits of FNV-1a. */
  function sign(key) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    return (hash >>> 0).toString(36);
  }

  /** by -> [key of a sweep, label of a group]. Sweeps with the key null stand alone. */
  const BY = {
    none: [() => null, called],
    seed: [sweep => sweep.group || null, (first, members) => (members.length > 1 ? `${first.name} · ${members.length} seeds` : called(first))],
    owner: [sweep => sweep.owner, first => first.owner],
    recipe: [sweep => sweep.recipe, first => first.recipe],
    config: [config, configLabel],
    tag: [sweep => sweep.tags[0] || '', first => first.tags[0] || 'no tag'],
  };

  /**
   * [{key, sign, label, members, first}] in the order in which their members come; `first` was made first and lends a group
   * its colour and its dash. `by`: none, seed (of one request), owner,
   * recipe, config (all but the seed), or tag (the first one).
   */
  function groups(sweeps, by = 'none') {
    const [keyOf, labelOf] = BY[by] || BY.none, found = new Map();
    for (const sweep of sweeps) {
      const shared = keyOf(sweep), key = shared === null ? sweep.id : `${by}:${shared}`;
      if (found.has(key)) found.get(key).push(sweep); else found.set(key, [sweep]);
    }
    return [...found].map(([key, members]) => {
      const first = members.reduce((a, b) => (b.id < a.id ? b : a));
      return {key, sign: sign(key), label: labelOf(first, members), members, first};
    });
  }

  /* what would bring sweeps together, said where no two are */
  const WANTED = {
    seed: 'By seed nothing belongs together: only sweeps asked for at once, with several seeds, do',
    owner: 'By owner nothing belongs together: no two sweeps here are of the same person',
    recipe: 'By recipe nothing belongs together: no two sweeps here have the same recipe',
    config: 'By configuration nothing belongs together: no two sweeps here differ in nothing but their seed',
    tag: 'By tag nothing belongs together: no two sweeps here have the same first tag',
  };

  /** Why a grouping groups nothing, and what it would; or "". */
  const apart = (sweeps, by) => (WANTED[by] && groups(sweeps, by).every(({members}) => members.length < 2) ? WANTED[by] : '');

  lrscope.groups = groups;
  lrscope.apart = apart;
  lrscope.called = called;
  lrscope.GROUPINGS = Object.keys(BY);
})((window.lrscope = window.lrscope || {}));
