/* The steps of Learn: what each says, and the picture it says it of. The numbers are those of the measured curves. */
(function (lrscope) {
  'use strict';
  const {numbers, parts} = lrscope;
  const {format} = numbers;
  const SEEN = [-6, 0.35]; // decades; more flat on the left shows nothing

  const lessons = Object.fromEntries(Object.entries(lrscope.lessons).map(([name, lesson]) => [name, parts.curve(lesson)]));
  const {clean, noisy, wide, trained} = lessons;
  const scene = (label, curves, more = {}) => ({label, curves, x: SEEN, ...more});
  const region = (curve, ...names) => curve.reading.regions.filter(({name}) => !names.length || names.includes(name));
  const seen = 10 ** SEEN[0];
  const sweetSpot = `${format(clean.reading.low)} to ${format(clean.reading.high)}`;
  const higher = Number((wide.reading.suggestion / clean.reading.suggestion).toPrecision(1));

  const MISTAKES = [
    {
      title: 'Taking the lowest point', text: 'It is the edge, not the middle. The loss there was earned at the lower rates before it, and a little further it rises. Stay a little to the left.',
      scene: scene('The clean curve with a mark at its lowest loss and one a little to the left of it', [{curve: clean}], {marks: [
        {lr: clean.reading.suggestion, look: 'is-good', text: 'better', side: 'left', of: clean}, {lr: clean.parts.lowest, look: 'is-bad', text: 'lowest', of: clean},
      ]}),
    },
    {
      title: 'Stopping the sweep too early', text: 'Where the curve ends while it still falls, the best rate may lie beyond. Raise the end of the range until the loss turns up.',
      scene: scene('The clean curve, ended while it still falls', [{curve: cut(clean, clean.reading.low)}], {marks: [{lr: clean.reading.low, look: 'is-bad', text: 'the sweep ended here', side: 'left', low: true}]}),
    },
    {
      title: 'Believing a single noisy step', text: 'One low point is chance. Read the smooth line, and where the noise is a large share of the drop run several seeds.',
      scene: scene('The noisy curve: single low points before the drop are chance', [{curve: noisy, raw: 'strong', dim: true}], {marks: [{lr: dip(noisy), look: 'is-bad', text: 'only chance', side: 'left', of: {line: {...noisy.line, x: Float64Array.from(noisy.lr, Math.log10), y: noisy.loss}}}]}),
    },
    {
      title: 'Testing a model that is trained already', text: 'Its loss has nowhere to fall, so there is only a limit to see, and no sweet spot. Test with fresh weights, or read nothing but the limit.',
      scene: scene('The same network with trained weights: the loss stays low until it blows up', [{curve: trained}], {marks: [{lr: trained.reading.diverges_at, look: 'is-bad', text: 'only the limit', side: 'left'}]}),
    },
    {
      title: 'Testing one training and running another', text: `Batch size, model and optimizer move the curve. Here batch normalisation alone allows a rate ${higher} times as high. Test what you will train.`,
      scene: scene('Two curves: with batch normalisation the sweet spot lies higher', [{curve: clean, raw: '', name: 'plain', at: 2.2e-3}, {curve: wide, raw: '', look: 'is-other', name: 'with batch norm', at: 1.5e-5}], {marks: [
        {lr: clean.reading.suggestion, text: format(clean.reading.suggestion), side: 'left', low: true, of: clean}, {lr: wide.reading.suggestion, look: 'is-other', text: format(wide.reading.suggestion), low: true, of: wide},
      ]}),
    },
  ];

  /** The curve as if the sweep had ended at a rate. */
  function cut(curve, end) {
    const n = curve.lr.filter(lr => lr <= end).length;
    return parts.curve({...lrscope.lessons.clean, loss: curve.loss.slice(0, n), reading: curve.reading});
  }

  /** The rate of the lowest measured loss before the drop begins. */
  function dip({lr, loss, parts: {flat}}) {
    const before = lr.filter(one => one >= seen && one <= flat[1] / 3), first = lr.indexOf(before[0]);
    return before.reduce((best, one, i) => (loss[first + i] < loss[lr.indexOf(best)] ? one : best));
  }

  const STEPS = [
    {
      id: 'start', title: 'From left to right, the rate rises',
      text: 'A sweep trains your model for a hundred steps or so and raises the learning rate at every one. Each point is one step: the rate it used and the loss it measured. From one grid line to the next the rate grows tenfold.',
      scene: scene('The clean demo curve, one dot for each step', [{curve: clean, raw: 'dots', line: false}]),
    },
    {
      id: 'drop', title: 'Flat at first, then it drops: the sweet spot',
      text: `On the left the steps are so small that the model hardly changes: not wrong, only slow. Then they are large enough to learn from, and the loss falls to its floor. The sweet spot begins where half of the fall is done and ends with the floor: here ${sweetSpot}.`,
      scene: scene('The clean curve; its flat part, its drop and the sweet spot are marked', [{curve: clean, dim: true}], {bands: region(clean, 'sweet_spot'), parts: [
        {of: clean, from: seen, to: clean.parts.flat[1], look: 'flat', text: 'flat: too low', at: 3e-5, side: 'below'},
        {of: clean, from: clean.parts.drop[0], to: clean.parts.floor[1], look: 'drop', text: 'the drop', at: clean.parts.drop[1] / 2.2, side: 'left'},
      ]}),
    },
    {
      id: 'rise', title: 'Past the floor it turns up and blows up',
      text: 'Each step now overshoots: the loss rises, and soon it explodes. That is no error. The sweep ends there by itself, because it has found the limit, and the plot cuts the blow-up off so that it does not flatten the rest. Past it this loss only jumped about: that is not drawn here.',
      scene: scene('The clean curve; its rise and blow-up are marked', [{curve: clean, dim: true}], {bands: region(clean, 'unstable', 'diverged'), parts: [{of: clean, from: clean.parts.rise[0], to: clean.parts.rise[1], look: 'rise'}]}),
    },
    {
      id: 'pick', title: 'Where to put the marker', probe: clean,
      text: 'A little to the left of the lowest point, well clear of the rise: the loss at each rate was earned at the lower rates before it, so the best rate lies a little below the floor. Drag the marker to where you would train.',
      scene: scene('The clean curve with a marker to drag', [{curve: clean}], {bands: region(clean)}),
    },
    {
      id: 'noise', title: 'Noise hides the shape; smoothing shows it', smooth: noisy,
      text: 'Small batches and wrong labels make every step jump. The faint line is what was measured; the strong one is a fit to the points around each rate, which looks to both sides and so does not lag. Read the strong line.',
      scene: scene('The noisy demo curve: raw losses behind their smooth line', [{curve: noisy, raw: 'strong'}]),
    },
    {
      id: 'wide', title: 'A long floor leaves you free',
      text: `Some trainings forgive a lot: with batch normalisation this one has a sweet spot of ${numbers.decades(wide.reading.low, wide.reading.high).toFixed(1)} decades. The longer the floor, the less the exact rate matters. Only stay clear of its right end, where the blow-up begins.`,
      scene: scene('The wide demo curve; its long floor is marked', [{curve: wide, dim: true}], {bands: region(wide, 'sweet_spot'), parts: [{of: wide, from: wide.reading.low, to: wide.reading.high, look: 'drop'}], marks: [{lr: wide.reading.suggestion, look: 'is-good', text: `suggestion ${format(wide.reading.suggestion)}`, side: 'left', of: wide}]}),
    },
    {id: 'mistakes', title: 'Five mistakes that are easily made', mistakes: MISTAKES, scene: MISTAKES[0].scene},
    {
      id: 'schedule', title: 'What your pick becomes', last: true,
      text: 'In OneCycle, and after a warm-up, the pick is the peak of the schedule. A rate that is held all along wants less, about a third: in our 90 trainings the best peak was typically 1.8 times the best constant rate, and never below it.',
      scene: {label: 'OneCycle climbs to the pick and falls to almost nothing; a constant rate stays at a third of the pick', draw: schedules},
    },
  ];

  /** The rates of a training in two schedules, over its steps. */
  function schedules(width, height, svg) {
    const left = 14, right = width - 14, top = 44, bottom = height - 44, y = share => bottom - share * (bottom - top), x = share => left + share * (right - left);
    const text = (className, at, up, said, anchor) => { const node = svg('text', className, {x: at, y: up, 'text-anchor': anchor}); node.textContent = said; return node; };
    const cycle = Array.from({length: 121}, (_, k) => `${k ? 'L' : 'M'}${x(k / 120).toFixed(1)} ${y(parts.oneCycle(k / 120)).toFixed(1)}`).join('');
    return [
      svg('line', 'figure__mark is-good', {x1: left, x2: right, y1: y(1), y2: y(1)}), text('figure__said is-good', right, y(1) - 9, 'your pick', 'end'),
      svg('line', 'figure__axis', {x1: left, x2: right, y1: bottom, y2: bottom}),
      svg('path', 'figure__line', {d: cycle}), svg('path', 'figure__line is-other', {d: `M${left} ${y(1 / 3)}H${right}`}),
      text('figure__name', x(0.6), y(parts.oneCycle(0.6)) - 14, 'OneCycle', 'start'), text('figure__name is-other', right, y(1 / 3) - 10, 'constant: a third', 'end'),
      text('figure__unit', right, height - 9, 'steps of the training →', 'end'), text('figure__unit', left, height - 9, '↑ learning rate', 'start'),
    ];
  }

  lrscope.steps = STEPS;
})((window.lrscope = window.lrscope || {}));
