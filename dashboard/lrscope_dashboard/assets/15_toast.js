/* lrscope.toast(text, {action, onAction}): a line that says what just happened, and takes it back while it stands. */
(function (lrscope) {
  'use strict';
  const {make, button} = lrscope.dom;
  const STANDS_MS = 8000, MOST = 3;

  /* there before the first text, or screen readers do not hear it */
  const region = make('div', 'toasts', null, {role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false'});
  const standing = []; // oldest first: {node, close, act}
  document.body.append(region);

  /**
   * Shows `text` until it is closed, acted on, or 8 s are over; under the pointer or with the focus it stays.
   * `action` is the button's label, e.g. 'Undo'; `onAction` may return a promise, whose refusal is told in the same place.
   * `bad` marks an error. Returns a function that closes it.
   */
  function toast(text, {action, onAction, bad = false} = {}) {
    const from = document.activeElement;
    let timer = 0;

    const close = () => {
      if (!standing.some(one => one.node === node)) return;
      clearTimeout(timer);
      standing.splice(standing.findIndex(one => one.node === node), 1);
      const focused = node.contains(document.activeElement);
      node.remove();
      if (focused && from && from.isConnected) from.focus();
    };
    const act = async () => {
      close();
      try { await onAction(); } catch (problem) { toast(problem.message, {bad: true}); }
    };
    const wait = () => { clearTimeout(timer); timer = setTimeout(close, STANDS_MS); };
    const hold = () => clearTimeout(timer);

    const node = make('div', `toast${bad ? ' is-bad' : ''}`, [
      make('span', 'toast__text', text),
      action && button(action, act, {look: 'toast'}),
      make('button', 'toast__close', null, {type: 'button', 'aria-label': 'Close this message', onclick: close}),
    ], {onpointerenter: hold, onpointerleave: wait, onfocusin: hold, onfocusout: wait});
    node.addEventListener('keydown', event => { if (event.key === 'Escape') { event.stopPropagation(); close(); } });
    standing.push({node, close, act: action ? act : null});
    while (standing.length > MOST) standing[0].close();
    region.append(node);
    wait();
    return close;
  }

  /** Does what the newest standing toast offers, as Ctrl-Z does. False: none offers anything. */
  toast.undo = () => {
    const last = standing.findLast(one => one.act);
    if (last) last.act();
    return Boolean(last);
  };

  lrscope.toast = toast;
})((window.lrscope = window.lrscope || {}));
