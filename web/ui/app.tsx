// The page as a whole: its language, its address, and what the address shows.

import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Language, languages, type Messages } from "../i18n/index.ts";
import type { Backend } from "./backend.ts";
import { Home } from "./home/home.tsx";
import { useHush } from "./keyboard/use-hush.ts";
import { copy } from "./parts/clipboard.ts";
import { Later } from "./parts/later.tsx";
import { takeInvitation } from "./invitation.ts";
import { type Page, PageContext } from "./page.ts";
import { routeOf } from "./route.ts";
import { type deviceStorage, recall, remember } from "./storage.ts";
import { Visit } from "./visit.tsx";

interface AppProps {
  backend: Backend;
  storage: ReturnType<typeof deviceStorage>;
  /** The language to begin with, and its words. */
  first: Tongue;
}

/** A language, and its words. */
export interface Tongue {
  readonly language: Language;
  readonly words: Messages;
}

export function App({ backend, storage, first }: AppProps) {
  const [invitations, setInvitations] = useState(0);
  const [path, setPath] = useState(location.pathname);
  const [{ language, words }, speak] = useState(first);

  useEffect(() => {
    const follow = () => setPath(location.pathname);
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  useEffect(() => {
    const look = () => takeInvitation() && setInvitations((times) => times + 1);
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  useHush();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const remembered = useMemo(() => signal(recall(storage)), [storage]);
  const page = useMemo((): Page => ({
    backend,
    language,
    words,
    setLanguage(chosen) {
      page.remember({ language: chosen });
      // Out of reach: what is on the screen stays as it is.
      languages[chosen].words().then((words) => speak({ language: chosen, words }), () => {});
    },
    recall: () => remembered.value,
    remember(change) {
      remember(storage, change);
      remembered.value = { ...remembered.peek(), ...change };
    },
    copy,
    go(to) {
      history.pushState(null, "", to);
      setPath(location.pathname);
    },
  }), [backend, language, words, storage]);

  const route = routeOf(path);
  return (
    <PageContext.Provider value={page}>
      {route.page === "room" ? <Visit key={`${invitations} ${route.room}`} room={route.room} /> : route.page === "check" ? <Later load={() => import("./check/check-page.tsx")}>{({ CheckPage }) => <CheckPage />}</Later> : <Home />}
    </PageContext.Provider>
  );
}

