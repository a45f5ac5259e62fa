// The languages of the connection check.

import { en, type CheckMessages } from "./check-en.ts";
import { ko } from "./check-ko.ts";
import type { Language } from "./index.ts";

export type { CheckMessages };

export const checkLanguages: Readonly<Record<Language, CheckMessages>> = { en, ko };
