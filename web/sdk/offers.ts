import type { Connection } from "./connection.ts";
import type { MadangError } from "./errors.ts";
import type { Socket } from "./socket.ts";
import type { Joined, Requests } from "./wire.ts";

export interface OfferActs {
  /** The WebSocket of now. */
  socket(): Socket;
  /** The answer to this request is applied. */
  applied(request: string): void;
  /** The server refused one. */
  failed(error: MadangError): void;
}

/** Our offers and what the server answers, one at a time, and the candidates that belong to them. */
export class Offers {
  #connection: Connection;
  #acts: OfferActs;
  #turn: Promise<void> = Promise.resolve();
  /** The next one is to restart ICE. */
  #restarts = false;
  /** Candidates that were found before their offer was sent. */
  #candidates: string[] | undefined;

  constructor(connection: Connection, acts: OfferActs) {
    this.#connection = connection;
    this.#acts = acts;
  }

  /** Makes the first one. If it is refused, candidates wait for the next. */
  join(): Promise<Joined> {
    return this.#exchange("join").catch((error) => {
      this.#candidates = [];
      throw error;
    });
  }

  /** Makes one that restarts ICE. */
  restart(): void {
    this.#restarts = true;
    this.make();
  }

  /** Makes one if it is due. One that a broken WebSocket keeps from being answered stays due. */
  make(): void {
    const due = () => this.#acts.socket().open && (this.#restarts || !this.#connection.settled);
    this.#turn = this.#turn.then(async () => {
      if (!due()) return;
      await this.#exchange("offer", this.#restarts);
      this.#restarts = false;
    }).catch((error) => {
      if (this.#acts.socket().open) this.#acts.failed(error);
    });
  }

  /** The connection found a candidate. */
  candidate(text: string): void {
    if (this.#candidates) this.#candidates.push(text);
    else this.#acts.socket().send({ t: "ice", candidate: text });
  }

  async #exchange<T extends "join" | "offer">(t: T, restart = false): Promise<Requests[T]["answer"]> {
    const candidates: string[] = (this.#candidates = []);
    const offer = await this.#connection.offer(restart);
    const { id, answer } = this.#acts.socket().request(t, { ...offer, ...(restart && { restart }) });
    this.#candidates = undefined;
    for (const text of candidates) this.candidate(text);
    const answered = await answer;
    await this.#connection.answer(answered.sdp);
    this.#acts.applied(id);
    return answered;
  }
}
