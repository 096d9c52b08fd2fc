/* What Learn shows of a measured curve: its rates, its smooth line, its parts, and what a rate on it is worth. Pure. */
(function (lrscope) {
  'use strict';
  const {numbers, smoothing, words} = lrscope;
  const FALLEN = 0.1; // of the drop: from where on it falls, and how near the floor it has arrived
  const NEAR = 0.08; // decades within which a rate is the suggestion

  /** A lesson as a curve that can be drawn: {lr, loss, line, parts, reading}. */
  function curve(lesson, width = 0.2) {
    const lr = lesson.loss.map((_, k) => numbers.lrAt(lesson, k)), line = smoothing.line(lr, lesson.loss, width);
    return {lr, loss: lesson.loss, line, parts: parts(line), reading: lesson.reading};
  }

  /** Rates between which a line is flat, falls, stands on its floor and rises: [from, to] each; one after the other. */
  function parts({lr, y}) {
    const last = y.length - 1, start = y.slice(0, Math.max(3, y.length >> 2)).reduce((sum, value, _, all) => sum + value / all.length, 0);
    let lowest = 0;
    for (let i = 1; i <= last; i++) if (y[i] < y[lowest]) lowest = i;
    const drop = start - y[lowest], near = y[lowest] + FALLEN * drop;
    let falls = lowest, arrives = lowest, leaves = lowest;
    while (falls > 0 && y[falls] < start - FALLEN * drop) falls--;
    while (arrives > 0 && y[arrives - 1] <= near) arrives--;
    while (leaves < last && y[leaves + 1] <= near) leaves++;
    return {flat: [lr[0], lr[falls]], drop: [lr[falls], lr[arrives]], floor: [lr[arrives], lr[leaves]], rise: [lr[leaves], lr[last]], lowest: lr[lowest]};
  }

  const VERDICTS = {
    too_low: lr => `${lr} is too low. It would learn, but slowly: most of the fall is still to come.`,
    sweet_spot: lr => `${lr} is in the sweet spot. The loss is falling well, and there is room before it blows up.`,
    unstable: lr => `${lr} is too high. The loss is rising here: steps overshoot, and a long training may not recover.`,
    diverged: lr => `${lr} is far too high. Here the training blows up.`,
  };

  /** What a rate on this curve is worth: {region, text}. */
  function verdict(reading, lr) {
    const found = reading.regions.find(({from, to}, i, all) => lr < to || i === all.length - 1), said = numbers.format(lr);
    if (Math.abs(numbers.decades(reading.suggestion, lr)) <= NEAR) return {region: found.name, text: `${said} is where lrscope puts it too: in the sweet spot, a little below the lowest loss.`};
    return {region: found.name, text: VERDICTS[found.name](said)};
  }

  /** torch's OneCycleLR from 0 to 1 of a training, over its peak; core/lrscope/schedules.py. */
  function oneCycle(share) {
    const cosine = (from, to, way) => to + (from - to) * (1 + Math.cos(Math.PI * way)) / 2;
    return share < 0.3 ? cosine(1 / 25, 1, share / 0.3) : cosine(1, 1 / 25e4, (share - 0.3) / 0.7);
  }

  lrscope.parts = {curve, parts, verdict, oneCycle, name: region => words.REGIONS[region]};
})((window.lrscope = window.lrscope || {}));
