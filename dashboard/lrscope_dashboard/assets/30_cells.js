/* How the cells of the list look. React makes them; a cell is drawn anew only when its row changed. */
(function (lrscope) {
  'use strict';
  const {numbers, words} = lrscope;
  const h = (tag, props, ...children) => window.React.createElement(tag, props, ...children);
  /** @type {any} */ const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const cell = (main, more, look = '') => h('div', {className: `cell ${look}`}, h('div', {className: `cell__main${main === '–' ? ' is-none' : ''}`}, main), h('div', {className: 'cell__more'}, more));
  const FINGERS = matchMedia('(pointer: coarse)'); // too wide for a second button in a row: it is in the menu
  const rate = lr => (lr === null ? '–' : numbers.format(lr));

  cells.LrscopeEye = ({data}) => (data.choosing
    ? h('span', {className: `tick${data.chosen ? ' is-on' : ''}`, role: 'checkbox', 'aria-checked': data.chosen, 'aria-label': `Choose ${data.name}`})
    : h('button', {
      type: 'button', className: `eye dash-${data.dash % 4}${data.visible ? ' is-on' : ''}`, tabIndex: -1, 'aria-pressed': data.visible,
      'aria-label': `${data.visible ? 'Hide' : 'Show'} ${data.name}`, title: `${data.visible ? 'Hide' : 'Show'} (double click: only this one)`,
      style: {'--c': data.color},
    }));

  const sign = (name, label) => h('span', {className: `icon icon--${name} cell__sign`, role: 'img', 'aria-label': label, title: label});

  /* the reason why a sweep failed or waits runs on under its state */
  cells.LrscopeName = ({data}) => h('div', {className: 'cell', title: data.wide ? data.reason : data.name, 'aria-current': data.focus || undefined},
    h('div', {className: 'cell__line'},
      data.starred && FINGERS.matches ? sign('star', 'Starred') : null,
      h('span', {className: 'cell__main mid', dir: 'auto'}, ...words.parts(data.name).map((part, i) => h('span', {key: i, className: i ? 'mid__tail' : 'mid__head'}, part))),
      data.noted ? sign('note', 'Has notes') : null,
      data.archived ? h('span', {className: 'mini'}, 'archived') : null),
    h('div', {className: `cell__more${data.wide ? ' is-wide' : ''}${data.status === 'failed' ? ' is-bad' : ''}`, title: data.status === 'failed' ? `${data.reason}\nClick: the traceback, and what it printed` : undefined},
      data.baseline ? h('span', {className: 'mini mini--base'}, 'baseline') : null, ...(data.wide ? [] : data.tags.map(tag => h('span', {className: 'mini', key: tag}, tag))), data.about));

  cells.LrscopeState = ({data}) => h('div', {className: `cell state state--${data.status}`},
    h('div', {className: 'cell__main'}, data.main),
    data.status === 'running' ? h('div', {className: 'progress', role: 'progressbar', 'aria-label': `Progress of ${data.name}`, 'aria-valuenow': Math.round(100 * data.share), 'aria-valuemin': 0, 'aria-valuemax': 100},
      h('div', {className: 'progress__bar', style: {transform: `scaleX(${data.share})`, '--c': data.color}})) : null,
    h('div', {className: 'cell__more'}, data.wide ? '' : data.more));

  cells.LrscopePick = ({data}) => h('div', {title: data.picker ? `Picked by ${data.picker}` : '', className: 'cell__whole'},
    cell(rate(data.pick), [data.suggestion === null ? '' : `≈ ${rate(data.suggestion)}`, data.apart ? '' : data.timesSuggestion].filter(Boolean).join(' '), 'cell--right'));

  cells.LrscopeSuggestion = ({data}) => cell(rate(data.suggestion), data.timesSuggestion, 'cell--right');
  cells.LrscopeBest = ({data}) => cell(data.best === null ? '–' : numbers.loss(data.best), data.overBest, 'cell--right');
  cells.LrscopeTags = ({data}) => h('div', {className: 'cell__tags'}, data.tags.map(tag => h('span', {className: 'mini', key: tag}, tag)));
  cells.LrscopeMade = ({data}) => h('time', {dateTime: data.made, title: new Date(data.made).toLocaleString()}, numbers.ago(data.made));

  const star = data => h('button', {type: 'button', className: `star${data.starred ? ' is-on' : ''}`, tabIndex: -1, 'aria-pressed': data.starred, 'aria-label': `Star ${data.name}`, title: data.starred ? 'Remove the star (*)' : 'Star (*)'}, h('span', {className: 'icon icon--star', 'aria-hidden': true}));

  cells.LrscopeMore = ({data}) => h('div', {className: 'acts'}, FINGERS.matches ? null : star(data), h('button', {type: 'button', className: 'more', tabIndex: -1, 'aria-haspopup': 'menu', 'aria-label': `Actions for ${data.name}`, title: 'Actions'}, h('span', {className: 'icon icon--more', 'aria-hidden': true})));

  /* over the sweeps of a group: fold them, show or hide all of them */
  cells.LrscopeGroup = ({data}) => {
    const {list} = lrscope.app, all = data.shown === data.count;
    return h('div', {className: 'group', role: 'gridcell'},
      h('button', {type: 'button', className: `eye eye--group${data.shown ? ' is-on' : ''}`, 'aria-label': `${all ? 'Hide' : 'Show'} all of ${data.label}`, title: `${all ? 'Hide' : 'Show'} all ${data.count}`, onClick: event => { event.stopPropagation(); list.display(data.group); }}),
      h('button', {type: 'button', className: 'group__fold', 'aria-expanded': !data.closed, onClick: event => { event.stopPropagation(); list.fold(data.sign); }},
        h('span', {className: 'group__caret', 'aria-hidden': true}), h('span', {className: 'group__label', title: data.label}, data.label),
        h('span', {className: 'group__count'}, data.shown ? `${data.shown} of ${data.count}` : String(data.count))));
  };
})((window.lrscope = window.lrscope || {}));
