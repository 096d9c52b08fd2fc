/* A button that opens a small panel under itself. The browser closes it on Escape and on a click elsewhere. */
(function (lrscope) {
  'use strict';
  const {make, icon} = lrscope.dom;
  const EDGE = 8; // pixels kept free at the side of the window

  class Menu {
    /** `width`: of the panel, in pixels. */
    constructor(id, label, glyph, width) {
      this.width = width;
      this.panel = make('div', 'menu', null, {id, popover: 'auto', role: 'group', 'aria-label': label});
      this.panel.style.width = `${width}px`;
      this.button = make('button', 'btn btn--quiet', [icon(glyph), make('span', 'btn__word', label)], {type: 'button', popovertarget: id, 'aria-label': label, title: label});
      this.panel.addEventListener('beforetoggle', event => { if (event.newState === 'open') this.place(); });
    }

    place() {
      const {right, bottom} = this.button.getBoundingClientRect(), room = document.documentElement.clientWidth;
      this.panel.style.top = `${bottom + 4}px`;
      this.panel.style.left = `${Math.max(EDGE, Math.min(right, room - EDGE) - this.width)}px`;
    }

    close() { this.panel.hidePopover(); }
  }

  lrscope.Menu = Menu;
})((window.lrscope = window.lrscope || {}));
