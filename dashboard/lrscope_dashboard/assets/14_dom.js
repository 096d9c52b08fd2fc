/* Small things about the DOM. Text is always set as text. */
(function (lrscope) {
  'use strict';
  const SOON_MS = 150;

  /** make('div', 'a b', 'text' | [children], {attributes}) */
  function make(tag, className, content, attributes = {}) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (Array.isArray(content)) node.append(...content.filter(Boolean)); else if (content !== undefined && content !== null) node.textContent = content;
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    return node;
  }

  const icon = name => make('span', `icon icon--${name}`, null, {'aria-hidden': 'true'});

  const button = (label, onclick, {look = '', glyph, title} = {}) =>
    make('button', `btn${look ? ` btn--${look}` : ''}`, [glyph && icon(glyph), make('span', '', label)], {type: 'button', onclick, title});

  /** Set text only when it differs: no selection lost, no screen reader disturbed. In the text node that is there: a new one is matched and laid out anew. */
  function say(node, text) {
    const {firstChild: own} = node;
    if (own && own === node.lastChild && own.nodeType === Node.TEXT_NODE) { if (own.data !== text) own.data = text; } else if (node.textContent !== text) node.textContent = text;
  }

  /** A name that is cut in its middle where there is no room; of at most so many letters it stands whole. */
  function sayName(node, name, whole = 0) {
    if (node.textContent === name) return;
    const short = name.length <= whole, [head, tail] = lrscope.words.parts(name);
    node.replaceChildren(...(short ? [name] : [make('span', 'mid__head', head), make('span', 'mid__tail', tail)]));
    node.classList.toggle('mid', !short);
    node.dir = 'auto';
  }

  /** Called however often, it acts once in the next frame. */
  function eachFrame(action) {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; action(); });
    };
  }

  /** The same a little later: for what first asks the page something that lays it out. */
  function soonEnough(action, ms = SOON_MS) {
    let timer = 0;
    return () => { timer = timer || setTimeout(() => { timer = 0; action(); }, ms); };
  }

  async function copy(text, node) {
    try { await navigator.clipboard.writeText(text); } catch (_) {
      const area = make('textarea', 'sr-only', text);
      document.body.append(area); area.select(); document.execCommand('copy'); area.remove();
    }
    if (!node) return;
    node.classList.add('is-copied');
    setTimeout(() => node.classList.remove('is-copied'), 1400);
  }

  /** A command line, and the button that copies it. */
  const command = (text, what = 'the command') => make('div', 'command', [
    make('code', '', text, {tabindex: '0', role: 'group', 'aria-label': what[0].toUpperCase() + what.slice(1)}),
    make('button', 'btn btn--icon', [icon('copy')], {type: 'button', title: 'Copy', 'aria-label': `Copy ${what}`, 'data-copy': 'previous'}),
  ]);

  lrscope.dom = {make, icon, button, say, sayName, eachFrame, soonEnough, copy, command};
})((window.lrscope = window.lrscope || {}));
