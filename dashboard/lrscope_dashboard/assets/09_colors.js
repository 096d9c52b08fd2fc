/* A sweep's colour, the same hue in both schemes: on dark it is lightened until it reads. Pure. */
(function (lrscope) {
  'use strict';

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

  /** `hex` moved towards white or black until it stands out from the ground by the ratio wanted. */
  function onGround(hex, ground, wanted = 3.6) {
    if (!/^#[0-9a-f]{6}$/i.test(hex)) return '#808080';
    const towards = luminance(ground) < 0.3 ? '#ffffff' : '#000000';
    for (let share = 0; share < 0.9; share += 0.06) {
      const mixed = mix(hex, towards, share);
      if (contrast(mixed, ground) >= wanted) return mixed;
    }
    return towards;
  }

  const alpha = (hex, a) => `rgba(${channels(hex).join(',')},${a})`;

  lrscope.colors = {mix, luminance, contrast, onGround, alpha};
})((window.lrscope = window.lrscope || {}));
