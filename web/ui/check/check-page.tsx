// The connection check: which ways lead from this browser to the server, and what
// to do about those that do not. Its code is loaded when it is asked for.

import { useEffect, useRef, useState } from "preact/hooks";
import type { CheckMessages } from "../../i18n/index.ts";
import { type Browser, lookAtBrowser } from "../../sdk/browser.ts";
import { check, type Course, type Findings } from "../../sdk/check.ts";
import { asText, type Line, linesOfBrowser, linesOfWays, type Mark, sayVerdict } from "./findings.ts";
import { Yard } from "../home/home.tsx";
import { Icon } from "../parts/icons.tsx";
import { LanguageSwitch } from "../parts/language-switch.tsx";
import { usePage } from "../page.ts";

export function CheckPage() {
  const { words: { check: words }, go } = usePage();
  const [times, setTimes] = useState(0);
  const { findings, done } = useCheck(times);
  const browser = useBrowser(times);
  const verdict = sayVerdict(words, location.hostname, findings, browser);
  const [ways, own] = [linesOfWays(words, findings, done), linesOfBrowser(words, browser)];
  useEffect(() => {
    document.title = `${words.title} · Madang`;
    return () => {
      document.title = "Madang";
    };
  }, [words]);

  return (
    <main class="home check">
      <header class="home-top">
        <a class="brand" href="/" aria-label={words.toStart} onClick={(event) => (event.preventDefault(), go("/"))}><Yard />Madang</a>
        <LanguageSwitch />
      </header>
      <section class="check-body">
        <h1>{words.title}</h1>
        <p class="quiet">{words.intro}</p>
        <div class={`card verdict ${moodOf(verdict?.verdict?.course, verdict !== undefined)}`}>
          <p role="status">{verdict ? verdict.said : words.checking}</p>
          {verdict?.verdict && mayBeServers.has(verdict.verdict.course) && <p class="quiet">{words.operator}</p>}
        </div>
        <Lines title={words.ways} lines={ways} />
        <Lines title={words.browser} lines={own} />
        <Actions
          words={words} again={() => setTimes(times + 1)}
          text={done && verdict ? asText(words, verdict.said, new Date(), [ways, own]) : undefined}
        />
      </section>
    </main>
  );
}

/** Where the server's own firewall may be what is closed. */
const mayBeServers: ReadonlySet<Course> = new Set(["some-ports", "tcp", "relay", "blocked"]);

function moodOf(course: Course | undefined, known: boolean): Mark | "fair" {
  if (!known) return "running";
  if (course === "udp") return "good";
  return course && fair.has(course) ? "fair" : "bad";
}

const fair: ReadonlySet<Course> = new Set(["some-ports", "tcp", "relay", "withheld", "untested"]);

/** Runs the check, once for each of `times`. */
function useCheck(times: number): { findings: Findings; done: boolean } {
  const [state, setState] = useState<{ findings: Findings; done: boolean }>({ findings: {}, done: false });
  useEffect(() => {
    const running = new AbortController();
    setState({ findings: {}, done: false });
    void check(location.origin, running.signal, (findings) => setState({ findings, done: false })).then(() => {
      if (!running.signal.aborted) setState(({ findings }) => ({ findings, done: true }));
    });
    return () => running.abort();
  }, [times]);
  return state;
}

function useBrowser(times: number): Browser | undefined {
  const [browser, setBrowser] = useState<Browser>();
  useEffect(() => {
    let wanted = true;
    void lookAtBrowser().then((seen) => wanted && setBrowser(seen));
    return () => {
      wanted = false;
    };
  }, [times]);
  return browser;
}

const icons = { good: "check", bad: "close", none: "minus", running: "dots" } as const;

function Lines({ title, lines }: { title: string; lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <section class="checks">
      <h2>{title}</h2>
      <ul>
        {lines.map(({ key, name, said, detail, mark }) => (
          <li key={key} class={mark}>
            <Icon name={icons[mark]} />
            <span class="check-name">{name}{detail && <span class="quiet">{detail}</span>}</span>
            <span class="check-said">{said}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `text` is the result, once it is there. */
function Actions({ words, again, text }: { words: CheckMessages; again: () => void; text: string | undefined }) {
  const { copy } = usePage();
  const [copied, setCopied] = useState<boolean>();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setCopied(undefined), [text === undefined]);
  useEffect(() => {
    if (copied === false) box.current?.select();
  }, [copied]);
  return (
    <div class="copy-facts">
      <div class="row">
        <button type="button" class="button primary" aria-disabled={text === undefined} onClick={() => text !== undefined && again()}>{words.again}</button>
        <button type="button" class="button" aria-disabled={text === undefined} onClick={() => text !== undefined && void copy(text).then(setCopied)}>{words.copy}</button>
      </div>
      {/* Where a page may not copy, one selects by hand. */}
      {copied === false && <textarea ref={box} readOnly rows={8} aria-label={words.result} value={text} />}
      <p class="quiet" role="status">{copied && words.copied}</p>
    </div>
  );
}
