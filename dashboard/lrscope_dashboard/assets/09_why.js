/* Why this rate: what each part of the curve means, said of this very curve. Pure. */
(function (lrscope) {
  'use strict';
  const {format} = lrscope.numbers;

  const PARTS = {
    too_low: ({to}) => `Up to ${format(to)} the rate is too low: the loss is flat, or has not done half of its fall.`,
    sweet_spot: ({from, to, decades}) => `From ${format(from)} to ${format(to)}, ${decades.toFixed(1)} decades, is the sweet spot: the loss does the rest of its fall and reaches its floor.`,
    unstable: ({from}) => `From ${format(from)} on it turns up: steps begin to overshoot.`,
    diverged: ({from}) => `From ${format(from)} on it blows up.`,
  };

  /** [{name, text}]: the parts from left to right, then how the suggestion comes about; name is a region's or ''. */
  function why({regions, rules, suggestion, diverges_at: diverges}) {
    if (suggestion === null) return [];
    const said = regions.map(part => ({name: part.name, text: PARTS[part.name](part)}));
    const weighed = !regions.length ? 'There is no drop to go by, so the suggestion only keeps its distance from the blow-up.'
      : diverges === null ? 'The suggestion stands a little below the lowest loss; no blow-up was seen that could confirm it.'
      : 'The suggestion weighs two things, each by how clear it is: the rates of the lowest loss, and where the loss leaves them for good. Both are read a little to the left, because the loss at a rate was earned at the lower ones before it.';
    const eye = [['steepest', 'where it falls fastest'], ['tenth_of_rise', 'a tenth of where it rises again'], ['before_rise', 'just before that rise']]
      .filter(([rule]) => rules[rule]).map(([rule, text]) => `${text} (${format(rules[rule])})`);
    return [...said, {name: '', text: weighed}, ...(regions.length && eye.length ? [{name: '', text: `People pick by eye: ${eye.join(', ')}.`}] : [])];
  }

  lrscope.why = {why};
})((window.lrscope = window.lrscope || {}));
