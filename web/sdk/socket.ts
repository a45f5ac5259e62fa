import { ConnectionError, MadangError, ServerError, type ConnectionCode } from "./errors.ts";
import { subprotocol, type ErrorMessage, type Requests, type Telling, type Told } from "./wire.ts";

/** How often we ask the server for a sign of life. A page cannot see the pings of the WebSocket itself. */
const pulse = 10_000;
/** How long that may take. */
const silence = 8000;
/** Close code that only gives up this WebSocket: the session goes on. */
const replaced = 4010;
/** By this an answer to a ping is waited for; ids of requests are numbers. */
const pong = "pong";
/** How long an answer may take. */
const patience = 20_000;

/** What close codes mean; others are `closed`. */
const meanings: Readonly<Record<number, ConnectionCode | "bad_message" | "too_fast">> = {
  1001: "going_away", 4000: "bad_message", 4001: "expired", 4003: "kicked", 4004: "room_gone", 4009: "too_fast", 4010: "replaced",
};

interface Waiting {
  resolve(answer: never): void;
  reject(error: MadangError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** The WebSocket: requests with answers, and what the server tells without being asked. */
export class Socket {
  #ws: WebSocket;
  #waiting = new Map<string, Waiting>();
  #nextId = 1;
  #heard = 0;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  /** Hears every message that answers no request. */
  told: (message: Told) => void = () => undefined;
  /** Hears once that it is over, unless by our own `close`. */
  closed: (error: ConnectionError) => void = () => undefined;

  constructor(url: string) {
    this.#ws = new WebSocket(url, subprotocol);
    this.#ws.onmessage = (event) => this.#receive(event.data);
    this.#ws.onclose = (event) => this.#finish(closeError(event, this.#heard > 0));
  }

  get open(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  /** Resolves when the server accepted the connection. */
  opened(within = patience): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = setTimeout(() => this.#finish(new ConnectionError("timeout", "the server did not answer")), within);
      this.#waiting.set("", { resolve, reject, timer: failed });
      this.#ws.onopen = () => {
        this.#heard = Date.now();
        this.#pulse = setInterval(() => this.probe(silence), pulse);
        this.#settle("")?.resolve(undefined as never);
      };
    });
  }

  /** Sends a request, tells its id at once, and resolves with its answer. Rejects with ServerError or ConnectionError. */
  request<T extends keyof Requests>(t: T, ask: Requests[T]["ask"], within = patience): { id: string; answer: Promise<Requests[T]["answer"]> } {
    const id = String(this.#nextId++);
    const answer = new Promise<Requests[T]["answer"]>((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new ConnectionError("timeout", `no answer to ${t}`)), within);
      this.#waiting.set(id, { resolve, reject, timer });
      if (!this.#write({ t, id, ...ask })) this.#settle(id)?.reject(new ConnectionError("closed", "the connection is closed"));
    });
    return { id, answer };
  }

  /** Sends a message that has no answer; false if the connection is not open. */
  send(message: Telling): boolean {
    return this.#write(message);
  }

  /** How long the server takes to answer a ping, in milliseconds. Rejects with ConnectionError. */
  async roundTrip(within = patience): Promise<number> {
    const asked = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(pong)?.reject(new ConnectionError("timeout", "no answer to ping")), within);
      this.#waiting.set(pong, { resolve, reject, timer });
      this.send({ t: "ping", ts: Math.round(asked) });
    });
    return performance.now() - asked;
  }

  /** Asks for a sign of life: a server that gives none within this time is given up. */
  probe(within: number): void {
    const asked = Date.now();
    this.send({ t: "ping", ts: Math.round(performance.now()) });
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => {
      if (this.#heard < asked) this.#finish(new ConnectionError("timeout", "the server went silent"));
    }, within);
  }

  /** Lets go of a WebSocket whose session goes on elsewhere; `closed` is not called. */
  abandon(): void {
    this.#over = true;
    this.#drop(new ConnectionError("closed", "another WebSocket took over"));
    this.#ws.close(replaced);
  }

  /** Leaves for good; `closed` is not called. */
  close(): void {
    this.#over = true;
    this.#drop(new ConnectionError("closed", "we left"));
    this.#ws.close(1000);
  }

  #write(message: object): boolean {
    if (!this.open) return false;
    this.#ws.send(JSON.stringify(message));
    return true;
  }

  #receive(data: unknown): void {
    this.#heard = Date.now();
    let message: (Told | ErrorMessage | { t: "pong" }) & { re?: string };
    try {
      message = JSON.parse(String(data));
    } catch {
      return; // not ours to judge: the server only sends JSON
    }
    const waiting = message.re === undefined ? undefined : this.#settle(message.re);
    if (waiting && message.t === "error") waiting.reject(serverError(message));
    else if (waiting) waiting.resolve(message as never);
    else if (message.t === "ping") this.send({ t: "pong", ts: message.ts });
    else if (message.t === "pong") this.#settle(pong)?.resolve(undefined as never);
    else if (!this.#over) this.told(message);
  }

  #settle(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    return waiting;
  }

  #finish(error: ConnectionError): void {
    if (this.#over) return;
    this.#over = true;
    this.#drop(error);
    this.#ws.close(replaced);
    this.closed(error);
  }

  #drop(error: ConnectionError): void {
    clearInterval(this.#pulse);
    clearTimeout(this.#probe);
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }
}

/** The error of the SDK for an error message of the server. */
export function serverError(message: ErrorMessage): ServerError {
  return new ServerError(message.code, message.message ?? "refused", message.retry_ms);
}

function closeError(event: CloseEvent, wasOpen: boolean): ConnectionError {
  const code = meanings[event.code] ?? (wasOpen ? "closed" : "unreachable");
  return new ConnectionError(code, event.reason || `the connection closed (${event.code})`, event.code);
}
