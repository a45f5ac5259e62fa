// The page as a whole: its language, its address, and what the address shows.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Language, languages, pickLanguage } from "../i18n/index.ts";
import type { Backend } from "./backend.ts";
import { Home } from "./home.tsx";
import { useModule } from "./hooks.ts";
import { takeInvitation } from "./invitation.ts";
import { type Page, PageContext, useWords } from "./page.ts";
import { routeOf } from "./route.ts";
import { deviceStorage, recall, remember } from "./storage.ts";
import { Visit } from "./visit.tsx";

export function App({ backend }: { backend: Backend }) {
  const [invitations, setInvitations] = useState(() => Number(takeInvitation()));
  const [path, setPath] = useState(location.pathname);
  const storage = useMemo(deviceStorage, []);
  const [language, setLanguage] = useState<Language>(() => recall(storage).language ?? pickLanguage(navigator.languages));

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
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const page = useMemo((): Page => ({
    backend,
    language,
    words: languages[language],
    setLanguage(chosen) {
      remember(storage, { language: chosen });
      setLanguage(chosen);
    },
    recall: () => recall(storage),
    remember: (change) => remember(storage, change),
    go(to) {
      history.pushState(null, "", to);
      setPath(location.pathname);
    },
  }), [backend, language, storage]);

  const route = routeOf(path);
  return (
    <PageContext.Provider value={page}>
      {route.page === "room" ? <Visit key={`${invitations} ${route.room}`} room={route.room} /> : route.page === "check" ? <Check /> : <Home />}
    </PageContext.Provider>
  );
}

/** The connection check, whose code comes when it is asked for. */
function Check() {
  const words = useWords();
  const [lost, setLost] = useState(false);
  const module = useModule(() => import("./check-page.tsx"), () => setLost(true));
  if (module) return <module.CheckPage />;
  return <main class="home"><p role="alert">{lost && words.trouble.unreachable}</p></main>;
}
