/* What is on the plot as a file: the picture as PNG or SVG, and every point of every visible sweep as CSV or JSON. */
(function (lrscope) {
  'use strict';
  const {axes, colors, numbers, points, Scene} = lrscope;
  const {make} = lrscope.dom;
  const SIZE = {width: 1200, height: 760}, FONT = 'Inter, Helvetica, Arial, sans-serif', PAPER = '#ffffff', INK = '#3d444f';
  const WAYS = {png: 'Picture (PNG)', svg: 'Picture (SVG)', csv: 'All points (CSV)', json: 'All points (JSON)'};
  const REGION = {too_low: '#8b93a0', sweet_spot: '#14936a', unstable: '#c98510', diverged: '#cc3d48'};

  class Export {
    constructor(store, chart) {
      this.store = store; this.chart = chart;
      this.menu = new lrscope.Menu('export-menu', 'Export', 'export', 190);
      this.menu.panel.append(...Object.entries(WAYS).map(([ending, label]) => make('button', 'menu__row menu__row--act', label, {type: 'button', onclick: () => this.save(ending)})));
    }

    drawn() { return this.store.shown().map(sweep => ({sweep, curve: this.store.curves.get(sweep.id)})).filter(({curve}) => curve && curve.lr.length); }

    async save(ending) {
      this.menu.close();
      const drawn = this.drawn(), name = points.fileName(drawn.map(({sweep}) => sweep), ending);
      if (ending === 'csv') return offer(name, new Blob([points.csv(drawn)], {type: 'text/csv'}));
      if (ending === 'json') return offer(name, new Blob([points.json(drawn, this.store.view)], {type: 'application/json'}));
      const address = await Plotly.toImage(this.figure(), {format: ending, ...SIZE, scale: ending === 'png' ? 2 : 1});
      return offer(name, await blob(address));
    }

    /** The plot as it is seen, on white, with a legend and the titles of its axes. */
    figure() {
      const scene = new Scene(this.store, sweep => colors.onGround(sweep.color, PAPER)), shown = this.chart.layout(scene);
      const data = scene.strokes.map(stroke => ({...lrscope.trace(stroke), showlegend: false}));
      for (const item of scene.items) {
        const line = data.find(({uid}) => uid === item.sweep.id), label = scene.label(item);
        if (line && label !== null) Object.assign(line, {showlegend: true, name: escaped(label)});
      }
      const axis = (given, text) => ({...given, color: INK, gridcolor: '#eceef1', tickcolor: '#c3c8d0', linecolor: '#c3c8d0', tickfont: {size: 12, family: FONT, color: INK}, title: {text, font: {size: 13, family: FONT, color: INK}, standoff: 12}});
      const {view} = this.store;
      return {data, layout: {
        ...SIZE, font: {family: FONT, size: 12, color: INK}, paper_bgcolor: PAPER, plot_bgcolor: PAPER, margin: {l: 76, r: 24, t: 24, b: 64},
        showlegend: true, legend: {orientation: 'h', y: -0.12, yanchor: 'top', font: {size: 12, family: FONT}}, hovermode: false,
        xaxis: axis(shown.xaxis, view.align === 'pick' ? 'learning rate ÷ pick' : 'learning rate'), yaxis: axis(shown.yaxis, view.normalise ? 'loss ÷ start' : 'loss'),
        ...(shown.yaxis2 ? {yaxis2: axis(shown.yaxis2, escaped(view.pane))} : {}), ...this.marks(scene),
      }};
    }

    /** Behind the curves the regions of the focused sweep; over them the marker and the saved picks. */
    marks(scene) {
      const {store} = this, reading = store.readings.get(store.focus), there = scene.items.some(({sweep}) => sweep.id === store.focus);
      const upright = {xref: 'x', yref: 'paper', y0: 0, y1: 1}, at = lr => lr / 10 ** scene.dx, shapes = [], annotations = [];
      if (!there) return {};
      for (const {name, from, to} of (reading && reading.regions) || []) shapes.push({type: 'rect', ...upright, x0: at(from), x1: at(to), layer: 'below', line: {width: 0}, fillcolor: colors.alpha(REGION[name], 0.08)});
      const line = (lr, color, dash, text) => {
        shapes.push({type: 'line', ...upright, x0: at(lr), x1: at(lr), line: {color, width: 1.5, dash}});
        annotations.push({x: Math.log10(at(lr)), y: 1, yref: 'paper', yanchor: 'bottom', showarrow: false, text: escaped(text), font: {size: 12, family: FONT, color}});
      };
      const draft = store.begun() ? store.draft() : null, {pick} = store.focused();
      if (pick) line(pick.lr, '#16191e', draft && draft.lr !== pick.lr ? 'dash' : 'solid', `${pick.author} · ${numbers.format(pick.lr)}`);
      if (draft && !(pick && pick.lr === draft.lr)) line(draft.lr, '#16191e', 'solid', numbers.format(draft.lr));
      return {shapes, annotations};
    }
  }

  /** Plotly reads some tags in text; a name is only a name. */
  const escaped = text => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

  /** A data: address as bytes, without asking the network for it. */
  async function blob(address) {
    const [head, body] = [address.slice(5, address.indexOf(',')), address.slice(address.indexOf(',') + 1)];
    const text = head.includes(';base64') ? atob(body) : null;
    return new Blob([text === null ? decodeURIComponent(body) : Uint8Array.from(text, letter => letter.charCodeAt(0))], {type: head.split(';')[0]});
  }

  function offer(name, content) {
    const address = URL.createObjectURL(content), link = make('a', '', null, {href: address, download: name});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  lrscope.Export = Export;
})((window.lrscope = window.lrscope || {}));
