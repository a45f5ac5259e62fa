import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../page.ts";
import type { Session } from "../session.ts";
import { Announcements } from "./announce.ts";
import { watchNews } from "./news.ts";

/** The one place of the room that screen readers are told things from, without being asked. */
export function Announcer({ session }: { session: Session }) {
  const page = usePage();
  const now = useRef(page);
  now.current = page;
  const [{ times, text }, say] = useState({ times: 0, text: "" });
  useEffect(() => {
    const announcements = new Announcements();
    let timer = 0;
    const off = watchNews(session, () => now.current.words, (news) => {
      announcements.tell(news, now.current.recall().aloud, performance.now());
      clearTimeout(timer);
      if (announcements.due === Infinity) return;
      timer = window.setTimeout(() => {
        const text = announcements.take(now.current.words, performance.now());
        if (text) say(({ times }) => ({ times: times + 1, text }));
      }, Math.max(0, announcements.due - performance.now()));
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [session]);
  // Another element each time: what is said twice is heard twice.
  return <p class="heard-only" role="status"><span key={times}>{text}</span></p>;
}
