/** What is to be done at the end of each test. */
const endings = new WeakMap();

/**
 * Calls `end` when the test ends, the last that was asked for first, and every
 * one of them, whatever the others do. Node's own `after` goes the other way
 * round and stops at the first that throws.
 */
export function atEnd(t, end) {
  const known = endings.get(t);
  if (known) return void known.push(end);
  const all = [end];
  endings.set(t, all);
  t.after(async () => {
    const errors = [];
    for (const each of all.reverse()) await Promise.resolve().then(each).catch((error) => errors.push(error));
    if (errors.length) throw errors[0];
  });
}
