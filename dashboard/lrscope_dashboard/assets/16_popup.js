/* Menus and small panels that open from a button, in the browser's own top layer: Escape and a click beside close them. */
(function (lrscope) {
  'use strict';
  const {make} = lrscope.dom;
  const {clamp} = lrscope.numbers;

  /** Below its anchor, from its left edge or, where there is no room for that, from its right one, and within the window. */
  function place(node, {left, right, top, bottom}) {
    const {offsetWidth: w, offsetHeight: h} = node, below = bottom + 4 + h <= innerHeight;
    node.style.left = `${clamp(left + w + 8 <= innerWidth ? left : right - w, 8, Math.max(8, innerWidth - w - 8))}px`;
    node.style.top = `${clamp(below ? bottom + 4 : top - h - 4, 8, Math.max(8, innerHeight - h - 8))}px`;
  }

  /** Open a node over the page; taken away when it closes, and the focus goes back to where it was. */
  function pop(node, anchor) {
    const from = document.activeElement;
    node.popover = 'auto';
    node.addEventListener('toggle', event => {
      if (event.newState !== 'closed') return;
      if (!document.activeElement || document.activeElement === document.body || node.contains(document.activeElement)) from.focus({preventScroll: true});
      node.remove();
    });
    document.body.append(node);
    node.showPopover();
    place(node, anchor);
    return node;
  }

  /** items: {label, act, key?, bad?, off?} or null for a line. */
  function menu(title, items, anchor) {
    const act = item => () => { node.hidePopover(); item.act(); };
    const node = make('div', 'pop', [
      title && make('div', 'pop__title', title),
      ...items.map(item => (item
        ? make('button', `pop__item${item.bad ? ' is-bad' : ''}`, [make('span', '', item.label), item.key && make('kbd', 'key', item.key)], {type: 'button', role: 'menuitem', tabindex: '-1', disabled: Boolean(item.off), title: item.off || null, onclick: act(item)})
        : make('div', 'pop__line', null, {role: 'separator'}))),
    ], {role: 'menu', 'aria-label': title});
    node.addEventListener('keydown', event => walk(node, event));
    pop(node, anchor);
    const first = node.querySelector('.pop__item:not(:disabled)');
    if (first) first.focus();
    return node;
  }

  function walk(node, event) {
    const items = [...node.querySelectorAll('.pop__item:not(:disabled)')], at = items.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1}[event.key];
    if (to !== undefined) items[(to + items.length) % items.length].focus();
    else if (event.key === 'Tab') node.hidePopover();
    else if (event.key.length === 1 && event.key !== ' ') {
      const found = [...items.slice(at + 1), ...items].find(item => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
      if (found) found.focus();
    } else return;
    event.preventDefault(); event.stopPropagation();
  }

  /** A panel of controls. */
  const sheet = (label, content, anchor) => pop(make('div', 'sheet', content, {role: 'dialog', 'aria-label': label}), anchor);

  lrscope.popup = {menu, sheet};
})((window.lrscope = window.lrscope || {}));
