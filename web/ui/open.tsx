// Opening the page: in the language that was chosen, else as the browser asks.

import { render } from "preact";
import { languages, pickLanguage } from "../i18n/index.ts";
import { App } from "./app.tsx";
import type { Backend } from "./backend.ts";
import { takeInvitation } from "./invitation.ts";
import { deviceStorage, recall } from "./storage.ts";

/** Draws the page once its words are there. */
export async function open(backend: Backend): Promise<void> {
  takeInvitation(); // out of the address before anything is waited for
  const [place, storage] = [document.getElementById("app")!, deviceStorage()];
  const language = recall(storage).language ?? pickLanguage(navigator.languages);
  try {
    const words = await languages[language].words();
    render(<App backend={backend} storage={storage} first={{ language, words }} />, place);
  } catch {
    place.textContent = "We can't load this page. Reload it to try again. · 페이지를 불러올 수 없어요. 새로고침해 주세요.";
  }
}
