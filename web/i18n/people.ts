// The languages of what people do to each other: loaded with the room.

import type { Language } from "./index.ts";
import { en, type PeopleMessages } from "./people-en.ts";
import { ko } from "./people-ko.ts";

export type { PeopleMessages };

export const peopleLanguages: Readonly<Record<Language, PeopleMessages>> = { en, ko };
