/* A sweep's colour, the same hue in both schemes: on dark it is lightened until it reads. Pure. */
(function (lrscope) {
  'use strict';

  const PALETTE = ['#0072B2', '#FD5924', '#04A115', '#8651EF', '#A54C03', '#0798FC', '#8A5F79', '#899299']; // that of core/lrscope/palette.py
  const DASHES = {solid: [], dash: [9, 5], dot: [2, 4], dashdot: [9, 4, 2, 4], longdash: [16, 6], longdashdot: [16, 5, 2, 5]}; // pixels drawn and left out

  /** The line pattern of a slot, as Plotly names it: the first eight sweeps are solid, the next eight dashed, and so on. */
  const dash = slot => Object.keys(DASHES)[Math.floor((slot || 0) / PALETTE.length) % 6];

  /** A pattern as Plotly draws it on a line so wide, for an SVG; what is no name is one already. */
  function pattern(name, width) {
    const d = Math.max(width, 3), parts = {solid: [], dot: [d, d], dash: [3 * d, 3 * d], longdash: [5 * d, 5 * d], dashdot: [3 * d, d, d, d], longdashdot: [5 * d, 2 * d, d, 2 * d]}[name];
    return parts ? parts.join(' ') || 'none' : name;
  }

  /** The same in pixels, for a canvas or an SVG. */
  const dashes = slot => DASHES[dash(slot)];

  const channels = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
  const mix = (hex, other, share) => `#${channels(hex).map((c, i) => Math.round(c + (channels(other)[i] - c) * share).toString(16).padStart(2, '0')).join('')}`;

  function luminance(hex) {
    const [r, g, b] = channels(hex).map(c => ((c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(a, b) {
    const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (hi + 0.05) / (lo + 0.05);
  }

  const moved = new Map();

  /** `hex` moved towards white or black until it stands out from the ground by the ratio wanted. */
  function onGround(hex, ground, wanted = 3) {
    if (!/^#[0-9a-f]{6}$/i.test(hex)) return '#808080';
    const key = hex + ground + wanted;
    if (!moved.has(key)) moved.set(key, move(hex, ground, wanted));
    return moved.get(key);
  }

  function move(hex, ground, wanted) {
    const towards = luminance(ground) < 0.3 ? '#ffffff' : '#000000';
    for (let share = 0; share < 0.9; share += 0.06) {
      const mixed = mix(hex, towards, share);
      if (contrast(mixed, ground) >= wanted) return mixed;
    }
    return towards;
  }

  const alpha = (hex, a) => `rgba(${channels(hex).join(',')},${a})`;

  lrscope.colors = {PALETTE, dash, dashes, pattern, mix, luminance, contrast, onGround, alpha};
})((window.lrscope = window.lrscope || {}));
