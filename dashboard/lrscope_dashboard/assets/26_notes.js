/* On the plot, in words: what the axes count, which curves are cut off or left out, and the button that shows all. */
(function (lrscope) {
  'use strict';
  const {make, say} = lrscope.dom;
  const NAMED = 3; // sweeps called by their names

  const listed = sweeps => `${sweeps.slice(0, NAMED).map(lrscope.called).join(', ')}${sweeps.length > NAMED ? ` and ${sweeps.length - NAMED} more` : ''}`;

  class Notes {
    constructor(host, beside, chart, store) {
      this.chart = chart; this.store = store; this.host = host;
      this.text = make('p', 'told', '', {role: 'status'});
      this.all = make('button', 'clipping__all', '', {type: 'button', onclick: () => store.setView({showAll: !store.view.showAll, zoom: lrscope.axes.alongRates(store.view.zoom)})});
      this.pane = make('span', 'stage__axis stage__axis--pane', '', {'aria-hidden': 'true'});
      this.loss = host.querySelector('.stage__axis--loss');
      this.rate = host.querySelector('.stage__axis--rate');
      host.append(this.text, this.pane);
      beside.replaceChildren(this.all);
      chart.onPaint(frame => this.paint(frame));
    }

    paint(frame) {
      const {chart: {scene}, store: {view}} = this;
      this.text.style.top = `${frame.top + 5}px`;
      say(this.text, this.told(scene));
      const above = scene.items.filter(({line, place}) => this.leaves(line, place, frame)).length;
      this.all.hidden = !above && !view.showAll || Boolean(view.zoom && view.zoom.y);
      say(this.all, view.showAll ? 'Clip again' : `${above} clipped · Show all`);
      say(this.loss, view.normalise ? '÷ start' : 'loss');
      say(this.rate, view.align === 'pick' ? 'learning rate ÷ pick' : 'learning rate');
      this.pane.hidden = !frame.pane;
      if (frame.pane) { say(this.pane, view.pane); this.pane.style.top = `${frame.pane.top - 18}px`; }
      this.host.classList.toggle('is-unplaced', scene.unpicked.some(({id}) => id === this.store.focus));
    }

    told({unpicked, folded}) {
      return [
        unpicked.length && `Not drawn, because nothing is picked: ${listed(unpicked)}.`,
        folded.length && `${listed(folded)}: the start is not above zero; shown over ${folded.length === 1 ? 'its' : 'their'} drop instead.`,
      ].filter(Boolean).join(' ');
    }

    /** Whether a curve goes through the top of the view; only its highest end is asked. */
    leaves(line, {shift, scale}, frame) {
      const top = frame.logY ? 10 ** frame.y[1] : frame.y[1], n = line.y.length;
      return n > 0 && (line.y[n - 1] - shift) / scale > top;
    }
  }

  lrscope.Notes = Notes;
})((window.lrscope = window.lrscope || {}));
