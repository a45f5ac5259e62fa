import type { Invitation, MemberId, Role, SourceKind, Spot } from "./types.ts";
import type { Requests } from "./wire.ts";

/** Asks the server, and resolves with its answer. */
export type Ask = <T extends keyof Requests>(t: T, ask: Requests[T]["ask"]) => Promise<Requests[T]["answer"]>;

/**
 * What those may do who keep order in a room: see `room.standing`. One acts on
 * members of lower roles only. Each method resolves when the room has done it, and
 * throws ServerError (`forbidden`: we may not; `not_found`: nobody is here under
 * this id; `conflict`: not now) or ConnectionError. What changed is told as to
 * everybody else, by the events of the room.
 */
export class Moderation {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Takes down the hand of a member. */
  async lowerHand(member: MemberId): Promise<void> { await this.#ask("hand", { member, up: false }); }

  /** Gives a role below our own; an owner gives any. What the member publishes and may not any more ends. */
  async setRole(member: MemberId, role: Role): Promise<void> { await this.#ask("role", { member, role }); }

  /**
   * Mutes a microphone or camera, or ends a screen (with its sound); without a
   * member those of everybody of a lower role. With `hold` they cannot make it live
   * again before `unmute`.
   */
  async mute(source: SourceKind, { member, hold = false }: { member?: MemberId; hold?: boolean } = {}): Promise<void> {
    await this.#ask("mute", { source, ...(member && { member }), ...(hold && { hold }) });
  }

  /** Lets go of a source that was held, and asks its member to make it live, which it may do or not. */
  async unmute(source: SourceKind, member: MemberId): Promise<void> { await this.#ask("unmute", { member, source }); }

  /** Removes a member, or somebody who waits; for `banSeconds` (0 to 604,800) it does not come in again by itself. */
  async kick(member: MemberId, banSeconds = 0): Promise<void> {
    await this.#ask("kick", { member, ...(banSeconds && { ban_s: banSeconds }) });
  }

  /** Locks the room: nobody new comes in or waits but who moderates; or unlocks it. */
  async lock(locked: boolean): Promise<void> { await this.#ask("lock", { locked }); }

  /** Lets somebody in who waits, or, without a member, all of them. */
  async admit(member?: MemberId): Promise<void> { await this.#ask("admit", member ? { member } : {}); }

  /** Sends somebody away who waits. */
  async deny(member: MemberId): Promise<void> { await this.#ask("deny", { member }); }

  /** Asks for so many seconds (0 to 3,600) between two lines of chat of one member who does not moderate; 0: none. */
  async slow(seconds: number): Promise<void> { await this.#ask("slow", { seconds }); }

  /** Puts a picture on everybody's stage, of anybody, whatever their role, ourselves too; without one, none is there. */
  async spotlight(spot?: Spot): Promise<void> { await this.#ask("spotlight", spot ? { member: spot.member, source: spot.source } : {}); }

  /** Takes back all lines of the chat. */
  async clearChat(): Promise<void> { await this.#ask("clear", {}); }

  /** Ends the room for all, ourselves included. */
  async end(): Promise<void> { await this.#ask("end", {}); }

  /** Makes an invitation, of our own role at most, which is good for so many seconds (1 to 2,592,000) and so many people (1 to 1,000). */
  async invite(role: Role, seconds: number, uses: number): Promise<Invitation> {
    const { token, expires_in_ms } = await this.#ask("invite", { role, ttl_s: seconds, uses });
    return { token, expires: Date.now() + expires_in_ms };
  }
}
