/* A sweep's picks, newest first: which one stands, and what each person would take. Pure. */
(function (lrscope) {
  'use strict';
  const {decades} = lrscope.numbers;

  /** The pick that stands, or null: the newest that was not taken back. */
  const standing = picks => picks.find(pick => !pick.withdrawn) || null;

  /** {people: [{author, lr}], apart}: the newest of each person, lowest rate first, and the decades between the ends. */
  function opinions(picks) {
    const newest = new Map();
    for (const {author, lr, withdrawn} of picks) if (!withdrawn && !newest.has(author)) newest.set(author, {author, lr});
    const people = [...newest.values()].sort((a, b) => a.lr - b.lr);
    return {people, apart: people.length > 1 ? decades(people[0].lr, people[people.length - 1].lr) : 0};
  }

  lrscope.picks = {standing, opinions};
})((window.lrscope = window.lrscope || {}));
