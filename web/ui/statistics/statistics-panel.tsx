// The statistics: what is sent and received right now, stream by stream. Its code
// is loaded when it is first opened.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Messages } from "../../i18n/index.ts";
import { usePage } from "../page.ts";
import { PanelFrame } from "../room/panel.tsx";
import type { Session } from "../session.ts";
import { type Facts, Statistics, type StreamFacts } from "./statistics.ts";

const EVERY = 1000; // milliseconds

export function StatisticsPanel({ session }: { session: Session }) {
  const { words, language } = usePage();
  const facts = useFacts(session);
  return (
    <PanelFrame session={session} title={words.statistics}>
      <div class="panel-body statistics">
        <p class="quiet">{words.statisticsHint}</p>
        {!facts?.streams.length && <p>{words.noStatistics}</p>}
        {facts && <Card title={words.path} facts={sayPath(words, language, facts)} />}
        {facts?.streams.map((stream) => (
          <Card key={stream.key} title={titleOf(words, session, stream)} facts={sayStream(words, language, stream)} />
        ))}
        <CopyButton facts={facts} />
      </div>
    </PanelFrame>
  );
}

/** Looks once a second while the panel is open. */
function useFacts(session: Session): Facts | undefined {
  const [facts, setFacts] = useState<Facts>();
  useEffect(() => {
    const statistics = new Statistics();
    let open = true;
    const look = async () => {
      const report = await session.stats();
      if (open) setFacts(report && statistics.take(report, session.carried));
    };
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [session]);
  return facts;
}

type Said = readonly (readonly [name: string, value: string])[];

function Card({ title, facts }: { title: string; facts: Said }) {
  if (facts.length === 0) return null;
  return (
    <section class="facts">
      <h3>{title}</h3>
      <dl>
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </section>
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

function sayStream({ fact }: Messages, language: string, stream: StreamFacts): Said {
  const number = numbers(language);
  return known([
    [fact.codec, stream.codec],
    [fact.layer, stream.layer],
    [fact.size, stream.width && `${stream.width} × ${stream.height}`],
    [fact.rate, stream.framesPerSecond !== undefined && `${number(stream.framesPerSecond)}/s`],
    [fact.bitrate, sayBitrate(number, stream.bitrate)],
    [fact.loss, sayPart(number, stream.loss)],
    [fact.jitter, stream.jitter !== undefined && `${stream.jitter} ms`],
    [fact.roundTrip, stream.roundTrip !== undefined && `${stream.roundTrip} ms`],
    [fact.frozen, sayPart(number, stream.frozen)],
    [fact.concealed, sayPart(number, stream.concealed)],
    [fact.limit, stream.limit],
  ]);
}

function sayPath({ fact }: Messages, language: string, { path }: Facts): Said {
  return known([
    [fact.transport, path.transport],
    [fact.roundTrip, path.roundTrip !== undefined && `${path.roundTrip} ms`],
    [fact.estimate, sayBitrate(numbers(language), path.estimate)],
  ]);
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
