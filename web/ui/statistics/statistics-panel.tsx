// The statistics: what is sent and received right now, stream by stream, and how it
// went in the last minute. Its code is loaded when it is first opened.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Messages } from "../../i18n/index.ts";
import { usePage } from "../page.ts";
import { PanelFrame } from "../room/panel.tsx";
import type { Session } from "../session.ts";
import { type Course, History, KEPT, lineOf } from "./history.ts";
import { type Facts, Statistics, type StreamFacts } from "./statistics.ts";

const EVERY = 1000; // milliseconds

export function StatisticsPanel({ session }: { session: Session }) {
  const { words, language } = usePage();
  const { facts, history } = useFacts(session);
  return (
    <PanelFrame session={session} title={words.statistics}>
      <div class="panel-body statistics">
        <p class="quiet">{words.statisticsHint}</p>
        {!facts?.streams.length && <p>{words.noStatistics}</p>}
        {facts && <Card title={words.path} graphs={drawPath(words, language, facts, history)} facts={sayPath(words, facts)} />}
        {facts?.streams.map((stream) => (
          <Card
            key={stream.key} title={titleOf(words, session, stream)}
            graphs={drawStream(words, language, stream, history)} facts={sayStream(words, language, stream)}
          />
        ))}
        <CopyButton facts={facts} />
      </div>
    </PanelFrame>
  );
}

/** Looks once a second while the panel is open. */
function useFacts(session: Session): { facts: Facts | undefined; history: History } {
  const [facts, setFacts] = useState<Facts>();
  const history = useMemo(() => new History(), [session]);
  useEffect(() => {
    const statistics = new Statistics();
    let open = true;
    const look = async () => {
      const report = await session.stats();
      if (!open) return;
      const facts = report && statistics.take(report, session.carried);
      history.take(facts ? figuresOf(facts) : new Map());
      setFacts(facts);
    };
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [session, history]);
  return { facts, history };
}

/** Facts of a stream, and of the way, that have a graph. */
const drawn = ["bitrate", "loss", "framesPerSecond"] as const;
const drawnOfPath = ["roundTrip", "estimate"] as const;

function figuresOf({ path, streams }: Facts): Map<string, number | undefined> {
  return new Map([
    ...drawnOfPath.map((fact) => [fact, path[fact]] as const),
    ...streams.flatMap((stream) => drawn.map((fact) => [`${stream.key} ${fact}`, stream[fact]] as const)),
  ]);
}

type Said = readonly (readonly [name: string, value: string])[];

interface Graph {
  readonly name: string;
  readonly said: string;
  readonly course: Course;
  /** What the top of the graph stands for at least. */
  readonly top: number;
}

function Card({ title, graphs, facts }: { title: string; graphs: readonly Graph[]; facts: Said }) {
  if (facts.length + graphs.length === 0) return null;
  return (
    <section class="facts">
      <h3>{title}</h3>
      <dl class="graphs">
        {graphs.map(({ name, said, course, top }) => (
          <div key={name}><dt>{name}</dt><dd>{said}</dd><dd aria-hidden="true"><Line course={course} top={top} /></dd></div>
        ))}
      </dl>
      <dl>
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </section>
  );
}

/** How a figure went in the last minute; what it is now stands beside it in words. */
function Line({ course, top }: { course: Course; top: number }) {
  return (
    <svg class="course" viewBox={`0 -0.1 ${KEPT - 1} 1.2`} preserveAspectRatio="none">
      <path d={lineOf(course, top)} />
    </svg>
  );
}

function CopyButton({ facts }: { facts: Facts | undefined }) {
  const { words, copy } = usePage();
  const [said, setSaid] = useState("");
  const text = useRef<HTMLTextAreaElement>(null);
  const json = JSON.stringify({ at: new Date().toISOString(), browser: navigator.userAgent, ...facts }, null, 1);
  const onCopy = async () => {
    const copied = await copy(json);
    setSaid(copied ? words.statisticsCopied : json);
  };
  useEffect(() => text.current?.select(), [said]);
  return (
    <div class="copy-facts">
      <button type="button" class="button" aria-disabled={!facts} onClick={() => facts && void onCopy()}>{words.copyStatistics}</button>
      {/* Where a page may not copy, one selects by hand. */}
      {said.startsWith("{") && <textarea ref={text} readOnly rows={6} aria-label={words.statistics} value={said} />}
      <p class="quiet" role="status">{said.startsWith("{") ? "" : said}</p>
    </div>
  );
}

function titleOf(words: Messages, session: Session, { direction, mid, member, source }: StreamFacts): string {
  if (direction === "out") return source ? words.sent[source] : mid;
  const name = session.members.value.find(({ id }) => id === member)?.name;
  if (name === undefined) return words.line(mid);
  if (source === "mic") return words.voiceOf(name);
  if (source === "screen-audio") return words.screenSoundOf(name);
  return source === "screen" ? words.screenOf(name) : name;
}

function drawStream({ fact }: Messages, language: string, stream: StreamFacts, history: History): readonly Graph[] {
  const number = numbers(language);
  const { bitrate, loss, framesPerSecond: rate } = stream;
  return graphs([
    [fact.bitrate, sayBitrate(number, bitrate), history.of(`${stream.key} bitrate`), stream.kind === "video" ? 100_000 : 64_000],
    [fact.loss, sayPart(number, loss), history.of(`${stream.key} loss`), 0.05],
    [fact.rate, rate === undefined ? undefined : `${number(rate)}/s`, history.of(`${stream.key} framesPerSecond`), 30],
  ]);
}

function drawPath({ fact }: Messages, language: string, { path }: Facts, history: History): readonly Graph[] {
  const { roundTrip, estimate } = path;
  return graphs([
    [fact.roundTrip, roundTrip === undefined ? undefined : `${roundTrip} ms`, history.of("roundTrip"), 200],
    [fact.estimate, sayBitrate(numbers(language), estimate), history.of("estimate"), 1e6],
  ]);
}

/** Those of which something is known now. */
function graphs(all: readonly (readonly [name: string, said: string | undefined, course: Course, top: number])[]): readonly Graph[] {
  return all.flatMap(([name, said, course, top]) => (said === undefined ? [] : [{ name, said, course, top }]));
}

function sayStream({ fact }: Messages, language: string, stream: StreamFacts): Said {
  const number = numbers(language);
  return known([
    [fact.codec, stream.codec],
    [fact.layer, stream.layer],
    [fact.size, stream.width && `${stream.width} × ${stream.height}`],
    [fact.jitter, stream.jitter !== undefined && `${stream.jitter} ms`],
    [fact.roundTrip, stream.roundTrip !== undefined && `${stream.roundTrip} ms`],
    [fact.frozen, sayPart(number, stream.frozen)],
    [fact.concealed, sayPart(number, stream.concealed)],
    [fact.limit, stream.limit],
  ]);
}

function sayPath({ fact }: Messages, { path }: Facts): Said {
  return known([[fact.transport, path.transport]]);
}

function known(all: readonly (readonly [string, string | number | false | undefined])[]): Said {
  return all.flatMap(([name, value]) => (value ? [[name, String(value)] as const] : []));
}

function numbers(language: string): (value: number) => string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (value) => format.format(value);
}

function sayBitrate(number: (value: number) => string, bitrate: number | undefined): string | undefined {
  if (bitrate === undefined) return undefined;
  return bitrate < 1e6 ? `${number(Math.round(bitrate / 1000))} kbit/s` : `${number(bitrate / 1e6)} Mbit/s`;
}

function sayPart(number: (value: number) => string, share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${number(100 * share)} %`;
}
