// What the page says, by language: tests press what people read.

import { importModule } from "./module.js";

const { languages } = await importModule("i18n/index");
const { peopleLanguages } = await importModule("i18n/people");

export const words = (language) => languages[language];
export const peopleWords = (language) => peopleLanguages[language];
