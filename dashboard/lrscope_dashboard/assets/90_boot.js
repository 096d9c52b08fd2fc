/* Puts the page together once Dash has laid it out. */
(function (lrscope) {
  'use strict';
  const {make} = lrscope.dom;
  const byId = id => document.getElementById(id);

  const standing = () => window.Plotly && window.dash_clientside && window.dash_clientside.set_props && window.React &&
    ['plot', 'plot-front', 'sweeps', 'decision', 'error-body', 'form-range-axis', 'form-submit'].every(byId);

  const feedUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/view`;

  function name(slot, api) {
    const input = make('input', 'who__input', null, {type: 'text', placeholder: 'Your name', maxlength: '120', autocomplete: 'name', spellcheck: 'false'});
    const tell = () => { window.dash_clientside.set_props('me', {data: api.user}); input.value = api.user; };
    input.addEventListener('change', () => { api.setUser(input.value || 'anonymous'); tell(); });
    input.addEventListener('keydown', event => { if (event.key === 'Enter') input.blur(); });
    slot.replaceChildren(input);
    api.meet().then(tell);
  }

  function filter(slot, list, store) {
    const input = make('input', 'filter__input', null, {type: 'search', placeholder: 'Filter', 'aria-label': 'Filter sweeps', autocomplete: 'off', spellcheck: 'false'});
    input.addEventListener('input', () => list.set({search: input.value}));
    input.addEventListener('keydown', event => { if (event.key === 'Escape' && !input.value) input.blur(); }); // the first one empties it
    store.on('list', ({search = input.value}) => { if (search !== input.value) input.value = search; });
    slot.replaceChildren(input);
  }

  /** What will be on the plot, as far as it is known before the list has come. */
  function likely(store) {
    const {sweeps, focus} = lrscope.address.read(location.search).state || {};
    return [...new Set([...(sweeps || store.remembered().ids), focus])].filter(id => typeof id === 'string').slice(0, 200);
  }

  async function start(store, feed) {
    const api = new lrscope.Api(), chart = new lrscope.Chart(byId('plot'), store);
    await chart.ready;
    const front = byId('plot-front'), dialogs = new lrscope.Dialogs(api, store);
    const form = new lrscope.Form(store, api);
    const list = new lrscope.List(store, chart, 'sweeps'), exports = new lrscope.Export(store, chart);
    const app = {
      store, api, chart, dialogs, list, form, feed,
      readings: new lrscope.Readings(store, api),
      bands: new lrscope.Bands(byId('plot-back'), chart, store),
      signs: new lrscope.Signs(front, chart, store),
      ticks: new lrscope.Ticks(chart, store),
      marker: new lrscope.Marker(front, chart, store),
      hover: new lrscope.Hover(byId('plot-host'), front, chart, store),
      notes: new lrscope.Notes(byId('plot-host'), byId('clipping'), chart, store),
      toolbar: new lrscope.Toolbar(byId('plot-toolbar'), store, exports),
      legend: new lrscope.Legend(byId('legend'), chart, store),
      multiples: new lrscope.Multiples(byId('multiples'), chart, store),
      table: new lrscope.PointsTable(byId('points'), chart, store),
      focus: new lrscope.Focus(byId('focus'), store, api, chart, dialogs, form),
      choice: new lrscope.Choice(byId('choice'), store, api),
      readout: new lrscope.Readout(byId('readout'), store, chart),
      reading: new lrscope.ReadingPanel(byId('reading'), store, api, form),
      confirmation: new lrscope.ConfirmationPanel(byId('confirmation'), store, api),
      common: new lrscope.CommonPanel(byId('common'), store, api),
      picks: new lrscope.Picks(byId('picks'), store, api),
      use: new lrscope.Use(byId('use'), byId('use-chart'), store),
      status: new lrscope.Status({live: byId('live'), queue: byId('queue'), noWorker: byId('no-worker'), empty: byId('empty')}, store),
    };
    new MutationObserver(() => store.emit('scheme')).observe(document.documentElement, {attributes: true, attributeFilter: ['data-mantine-color-scheme']});
    app.gestures = new lrscope.Gestures(byId('plot-host'), chart, store, app.hover);
    const layouts = {overlay: byId('plot-host'), multiples: byId('multiples'), table: byId('points')};
    store.on('view', () => { for (const [name, node] of Object.entries(layouts)) node.hidden = name !== store.view.layout; });
    name(byId('who'), api);
    filter(byId('sweep-filter'), list, store);
    app.actions = new lrscope.Actions(store, api);
    app.edit = new lrscope.Edit(store, api, app.actions);
    app.next = new lrscope.Next(byId('next'), store, app);
    list.openError = id => dialogs.failure(store.sweeps.get(id));
    list.star = id => app.actions.star(id);
    list.openMenu = (id, anchor) => lrscope.rowMenu(id, anchor, app);
    app.splitter = new lrscope.Splitter(byId('splitter'), document.querySelector('.bench'));
    app.options = new lrscope.ListOptions(byId('list-options'), document.querySelector('.panel--sweeps'), list, store);
    app.foot = new lrscope.ListFoot(byId('list-foot'), list, store, app.actions);
    lrscope.theme.label(byId('theme'), lrscope.theme.chosen());
    app.compare = new lrscope.Compare(byId('compare-body'), store, chart, list);
    app.nothing = new lrscope.Nothing(document.querySelector('.panel--sweeps'), byId('await'), list, store);
    app.lost = new lrscope.Lost(store, app.feed);
    app.newer = new lrscope.Newer(store, app.feed);
    app.drawer = new lrscope.Queue(byId('queue-body'), store, app.actions);
    app.url = new lrscope.Url(store, api, list, byId('link-notice'));
    app.views = new lrscope.Views(byId('share-body'), store, api, app.url);
    app.panels = new lrscope.Panels(byId('tabs'), document.querySelector('.app'), store);
    app.thumb = new lrscope.Thumb(byId('thumb'), store, app.choice, app.panels);
    lrscope.overflow(byId('more'));
    app.terms = new lrscope.Terms();
    app.learn = new lrscope.Learn({demo: () => byId('demo').click(), sweep: () => byId('new-sweep').click()});
    lrscope.whenReady(app);
    lrscope.listenToKeys(app);
    await app.url.begin();
    app.presence = new lrscope.Presence(front, chart, store, app.feed, api);
    feed.begin();
    await settled(store, list);
    document.querySelector('.bones').remove();
  }

  /** Once the first list is drawn, so that nothing moves under the eyes; or soon, where it does not come. */
  function settled(store, list) {
    return new Promise(done => {
      store.on('listed', () => { if (store.loaded) requestAnimationFrame(() => requestAnimationFrame(() => done(undefined))); });
      setTimeout(done, 1000);
      list.show();
    });
  }

  const store = new lrscope.Store(), feed = new lrscope.Feed(store, feedUrl());
  feed.connect(likely(store));
  (function wait() {
    if (standing()) start(store, feed); else setTimeout(wait, 25);
  })();
})((window.lrscope = window.lrscope || {}));
