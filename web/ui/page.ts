// What every component may ask for: the words, and what this device remembers.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language, Messages } from "../i18n/index.ts";
import type { Backend } from "./backend.ts";
import type { Remembered } from "./storage.ts";

export interface Page {
  readonly backend: Backend;
  readonly language: Language;
  readonly words: Messages;
  setLanguage(language: Language): void;
  /** What this device remembers now; who asks while rendering is rendered again when it changes. */
  recall(): Remembered;
  remember(change: Partial<Remembered>): void;
  /** Copies text; resolves with false where the browser does not let us, as on a page without https. */
  copy(text: string): Promise<boolean>;
  /** Goes to another address of this page. */
  go(path: string): void;
}

export const PageContext = createContext<Page | undefined>(undefined);

/** The page around the calling component. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("there is no page around this component");
  return page;
}

/** The words of the page's language. */
export function useWords(): Messages {
  return usePage().words;
}
