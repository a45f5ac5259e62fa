// What the page says, by language: tests press what people read.

import { importModule } from "./module.js";

const { languages: tongues } = await importModule("i18n/index");

/** Every language's words, by its tag. */
export const languages = Object.fromEntries(await Promise.all(Object.entries(tongues).map(async ([tag, tongue]) => [tag, await tongue.words()])));
export const words = (language) => languages[language];

/** The keys of a language, those within groups too, with what stands there. */
export function entries(words, path = "") {
  return Object.entries(words).flatMap(([key, said]) => (typeof said === "object" ? entries(said, `${path}${key}.`) : [[path + key, said]]));
}
