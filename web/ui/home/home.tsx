// The first page: choose a room.

import { useState } from "preact/hooks";
import { CheckLink } from "../check/check-link.tsx";
import { Icon } from "../parts/icons.tsx";
import { LanguageSwitch } from "../parts/language-switch.tsx";
import { usePage } from "../page.ts";
import { pathOf, randomRoomName, roomNameFrom } from "../route.ts";

export function Home() {
  const { words, go } = usePage();
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState(false);

  function open(event: Event) {
    event.preventDefault();
    const room = roomNameFrom(typed);
    if (room) go(pathOf(room));
    else setRefused(true);
  }

  return (
    <main class="home">
      <header class="home-top">
        <span class="brand"><Yard />Madang</span>
        <LanguageSwitch />
      </header>
      <section class="home-card">
        <h1>{words.welcome}</h1>
        <p class="quiet">{words.welcomeText}</p>
        <form onSubmit={open} noValidate>
          <label class="field">
            <span>{words.roomName}</span>
            <input
              name="room" value={typed} maxLength={64} autocomplete="off" autocapitalize="none" spellcheck={false}
              aria-invalid={refused} aria-describedby="home-trouble"
              onInput={(event) => {
                setTyped(event.currentTarget.value);
                setRefused(false);
              }}
            />
          </label>
          <p id="home-trouble" class="trouble" role="alert">{refused && (typed.trim() ? words.badRoomName : words.noRoomName)}</p>
          <div class="row">
            <button type="submit" class="button primary">{words.openRoom}</button>
            <button type="button" class="button" onClick={() => go(pathOf(randomRoomName()))}>{words.newRoom}</button>
          </div>
        </form>
        <RecentRooms />
        <CheckLink />
      </section>
    </main>
  );
}

function RecentRooms() {
  const { words, go, recall, remember } = usePage();
  const [rooms, setRooms] = useState(recall().rooms);
  if (rooms.length === 0) return null;

  function forget(room: string) {
    const rest = rooms.filter((other) => other !== room);
    remember({ rooms: rest });
    setRooms(rest);
  }

  return (
    <nav class="recent" aria-labelledby="recent">
      <h2 id="recent">{words.recentRooms}</h2>
      <ul>
        {rooms.map((room) => (
          <li key={room}>
            <a
              href={pathOf(room)}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab
                event.preventDefault();
                go(pathOf(room));
              }}
            >{room}</a>
            <button type="button" class="round quiet-button" aria-label={words.forgetRoom(room)} onClick={() => forget(room)}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The mark: a yard with a gate, and somebody in it. */
export function Yard() {
  return (
    <svg class="yard" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M12.5 25H7V7h18v18h-5.5" />
      <circle cx="16" cy="15.5" r="3.4" />
    </svg>
  );
}
