// The page's TypeScript modules as tests import them; npm's pretest step made them.

/** Imports one module of sdk/, ui/ or i18n/, by its path without ending. */
export function importModule(path) {
  return import(new URL(`../output/modules/${path}.js`, import.meta.url));
}
