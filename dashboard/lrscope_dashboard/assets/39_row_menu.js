/* The menu of a row: from its dots, or the right mouse button. */
(function (lrscope) {
  'use strict';
  const {words} = lrscope;
  const {format} = lrscope.numbers;
  const LEAST = 1e-12, MOST = 1e4; // rates that can be swept

  /** Why a sweep cannot be extended to a rate, or false. */
  const far = (sweep, lr) => (sweep.reason === 'imported' ? 'It was measured elsewhere' : (lr < LEAST || lr > MOST) && `Rates go from ${LEAST} to ${MOST}`);

  /** What can be done with a sweep as it is; null is a line. */
  function items(sweep, {store, actions, edit, dialogs, form}) {
    const {id, status} = sweep, ended = words.ended(sweep);
    return [
      {label: 'Rename, tag, colour…', act: () => edit.open(sweep)},
      {label: sweep.notes ? 'Notes' : 'Add notes', act: () => edit.notes(sweep)},
      {label: sweep.starred ? 'Remove the star' : 'Star', key: '*', act: () => actions.star(id)},
      {label: store.baseline === id ? 'No longer the baseline' : 'Make it the baseline', key: 'b', act: () => actions.baseline(id)},
      {label: 'Show it alone', key: 's', act: () => store.solo(id)},
      null,
      status === 'failed' && {label: 'Clone with a fix…', act: () => form.mend(sweep)},
      sweep.reason !== 'imported' && {label: 'Clone with changes…', act: () => form.clone(sweep)},
      ended && {label: `Extend up to ${format(sweep.end_lr * 10)}`, act: () => actions.extend(id, {end_lr: sweep.end_lr * 10}), off: far(sweep, sweep.end_lr * 10)},
      ended && {label: `Extend down to ${format(sweep.start_lr / 10)}`, act: () => actions.extend(id, {start_lr: sweep.start_lr / 10}), off: far(sweep, sweep.start_lr / 10)},
      (status === 'failed' || status === 'cancelled') && {label: 'Retry', act: () => actions.retry([id])},
      status !== 'queued' && status !== 'failed' && sweep.reason !== 'imported' && {label: 'What it printed', act: () => dialogs.printed(sweep)},
      status === 'failed' && {label: 'Show the error', act: () => dialogs.failure(sweep)},
      status === 'queued' && {label: 'Move to the front', act: () => actions.front(id)},
      !ended && {label: 'Cancel', act: () => actions.cancel([id])},
      null,
      {label: 'Download its points (CSV)', act: () => download(`/sweeps/${id}/points.csv`), off: !sweep.steps_done && 'It has no points yet'},
      sweep.archived ? {label: 'Bring back from the archive', act: () => actions.unarchive(id)} : {label: 'Archive', act: () => actions.archive([id])},
      {label: 'Delete', bad: true, act: () => actions.remove([id]), off: status === 'running' && 'It runs: cancel it first'},
    ].filter(item => /** @type {unknown} */ (item) !== false);
  }

  function download(href) {
    const link = lrscope.dom.make('a', '', null, {href, download: ''});
    document.body.append(link);
    link.click();
    link.remove();
  }

  lrscope.rowMenu = (id, anchor, app) => {
    const sweep = app.store.sweeps.get(id);
    if (sweep) lrscope.popup.menu(sweep.name, items(sweep, app), anchor);
  };
})((window.lrscope = window.lrscope || {}));
