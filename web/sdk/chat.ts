import { Emitter } from "./emitter.ts";
import { MadangError } from "./errors.ts";
import type { ChatMessage, Destination, MemberId } from "./types.ts";
import type { ChatFromClient, ChatFromServer, Line } from "./wire.ts";

/** What a chat tells. */
export interface ChatEvents {
  /** The lines changed; the value is `chat.messages`. */
  messages: readonly ChatMessage[];
  /** Somebody has taken back all lines that were there. */
  cleared: undefined;
  /** Who is writing now. */
  typing: readonly MemberId[];
}

/** Bytes of UTF-8 that a line may have. */
const mostBytes = 4096;
/** We tell that we write so often, and believe it of others for twice as long. */
const typingEvery = 3000;

/**
 * So many lines before those that are missing are asked for once more: while the
 * channel opens lines come by two ways, and the end may come before the rest.
 */
const overlap = 16;

/** How the chat reaches the server, while there is a session. */
export interface ChatLink {
  /** Sends; false if nothing is open. */
  send(message: ChatFromClient): boolean;
  /** Our own id and name, for lines that the server does not have yet. */
  me: MemberId;
  name: string;
}

/**
 * The chat of a room. Each line stands once, in the server's order, whatever
 * is sent twice, comes by another way or is interrupted.
 */
export class Chat extends Emitter<ChatEvents> {
  #past: ChatMessage[] = []; // of epochs that the server has forgotten
  #lines: ChatMessage[] = []; // of this epoch, by seq
  #outgoing: ChatMessage[] = []; // sending or failed, in the order of writing
  #messages: readonly ChatMessage[] = [];
  #link: ChatLink | undefined;
  #epoch = "";
  /** Everything of this epoch up to here is known, but for a line of the last few at most. */
  #complete = 0;
  /** Nothing is missing between that and what comes now. */
  #whole = false;
  #caughtUp = false;
  /** Lines of this epoch up to here were taken back, be it that they come again. */
  #clearedTo = 0;
  #typing = new Map<MemberId, ReturnType<typeof setTimeout>>();
  #toldTyping = 0;
  #due = false;

  /** All known lines in the server's order; our own that it does not have yet come last. */
  get messages(): readonly ChatMessage[] { return this.#messages; }
  /** Are the lines from before we came all here. */
  get caughtUp(): boolean { return this.#caughtUp; }

  /** Sends a line to everybody, or where `to` says; it shows at once as `sending`. At most 4,096 bytes of UTF-8, else throws MadangError too_big. Returns its cid. */
  send(text: string, { to, reply }: Destination = {}): string {
    if (new TextEncoder().encode(text).length > mostBytes) throw new MadangError("too_big", "a line of chat is at most 4,096 bytes");
    const cid = newId();
    this.#outgoing.push({
      cid, from: this.#link?.me ?? "", name: this.#link?.name ?? "", ...(to && { to }), ...(reply && { reply }), text, at: Date.now(), mine: true,
      state: "sending",
    });
    this.#toldTyping = 0;
    this.#post(cid);
    this.#changed();
    return cid;
  }

  /** Tries a line again that failed. */
  retry(cid: string): void {
    this.#mark(cid, ({ error: _, ...line }) => ({ ...line, state: "sending" }));
    this.#post(cid);
  }

  /** Takes back one of our own lines, by its server id, or, for who moderates, one of somebody of a lower role. */
  delete(id: string): void { this.#link?.send({ t: "del", id }); }

  /** Tells that we are writing; call at each key, the SDK sends few. */
  typing(to?: MemberId): void {
    if (Date.now() - this.#toldTyping < typingEvery) return;
    if (this.#link?.send({ t: "typing", ...(to && { to }) })) this.#toldTyping = Date.now();
  }

  /** A session began whose room remembers `last` lines of `epoch`: asks for what is missing, and sends again what was not acknowledged. */
  start(link: ChatLink, epoch: string, last: number): void {
    this.#link = link;
    if (epoch !== this.#epoch) {
      this.#past.push(...this.#lines.splice(0));
      this.#epoch = epoch;
      this.#complete = this.#clearedTo = 0;
    }
    this.#caughtUp = last <= this.#complete;
    this.#whole = last === 0;
    if (!this.#whole) this.catchUp();
    else this.#resend();
  }

  /** The way to the server broke: lines may be missing from now on, until we catch up. */
  interrupt(): void { this.#whole = false; }

  /** Asks for the lines that may be missing; those of ours that the server does not have go again after them. */
  catchUp(): void { this.#link?.send({ t: "since", epoch: this.#epoch, seq: Math.max(0, this.#complete - overlap) }); }

  /** The session is over; lines written now wait for the next. */
  stop(): void {
    this.#link = undefined;
    this.#caughtUp = this.#whole = false;
    for (const member of [...this.#typing.keys()]) this.#writes(member, false);
  }

  /** Takes what the server says, by whichever way it comes. */
  receive(message: ChatFromServer): void {
    switch (message.t) {
      case "msg":
        return this.#take(message);
      case "caught-up":
        this.#complete = Math.max(this.#complete, message.seq);
        this.#caughtUp = this.#whole = true;
        this.#resend();
        return this.#changed();
      case "del":
        this.#past = this.#past.filter(({ id }) => id !== message.id);
        this.#lines = this.#lines.filter(({ id }) => id !== message.id);
        return this.#changed();
      case "clear":
        return this.#clear(message.seq);
      case "typing":
        return this.#writes(message.from, true);
      case "error":
        if (message.cid) this.#refused(message.cid, message.code, message.retry_ms);
    }
  }

  #take(line: Line): void {
    if (line.epoch !== this.#epoch) return; // of a memory that is gone
    if (this.#whole) this.#complete = Math.max(this.#complete, line.seq);
    const mine = line.from === this.#link?.me || this.#outgoing.some(({ cid }) => cid === line.cid);
    if (mine) this.#outgoing = this.#outgoing.filter(({ cid }) => cid !== line.cid);
    this.#writes(line.from, false);
    if (line.seq > this.#clearedTo && !this.#lines.some(({ id }) => id === line.id)) this.#insert(line, mine);
    this.#changed();
  }

  #clear(seq: number): void {
    this.#clearedTo = Math.max(this.#clearedTo, seq);
    this.#past = [];
    this.#lines = this.#lines.filter((line) => line.seq! > seq);
    this.#changed();
    this.emit("cleared", undefined);
  }

  #insert({ t: _, epoch: __, ...line }: Line, mine: boolean): void {
    let at = this.#lines.length; // nearly always the new one comes last
    while (at > 0 && this.#lines[at - 1]!.seq! > line.seq) at--;
    this.#lines.splice(at, 0, { ...line, mine, state: "sent" });
  }

  #refused(cid: string, code: string, retryMs: number | undefined): void {
    if (retryMs !== undefined) return void setTimeout(() => this.#post(cid), retryMs);
    this.#mark(cid, (line) => ({ ...line, state: "failed", error: code }));
  }

  /** Only once we have caught up: what the server took from an earlier session is known by then. */
  #resend(): void {
    for (const { cid, state } of this.#outgoing) if (state === "sending") this.#post(cid);
  }

  #post(cid: string): void {
    const line = this.#outgoing.find((line) => line.cid === cid && line.state === "sending");
    if (!line) return;
    const { to, reply, text } = line;
    this.#link?.send({ t: "msg", cid, ...(to && { to }), ...(reply && { reply }), text });
  }

  #mark(cid: string, change: (line: ChatMessage) => ChatMessage): void {
    this.#outgoing = this.#outgoing.map((line) => (line.cid === cid ? change(line) : line));
    this.#changed();
  }

  #writes(member: MemberId, writing: boolean): void {
    const timer = this.#typing.get(member);
    clearTimeout(timer);
    if (writing) this.#typing.set(member, setTimeout(() => this.#writes(member, false), 2 * typingEvery));
    else this.#typing.delete(member);
    if ((timer !== undefined) !== writing) this.emit("typing", [...this.#typing.keys()]);
  }

  /** Tells once for all that changes in one go: a page of history is hundreds of lines. */
  #changed(): void {
    const [first, ...rest] = this.#lines;
    const lines = first && this.#past.length ? [{ ...first, afterBreak: true }, ...rest] : this.#lines;
    this.#messages = [...this.#past, ...lines, ...this.#outgoing];
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.emit("messages", this.#messages);
    });
  }
}

/** 96 random bits; crypto.randomUUID is missing on pages without TLS. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
