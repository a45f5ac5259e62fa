import { useEffect, useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import { MadangError } from "../../sdk/index.ts";

/** What somebody who keeps order has asked of the room, and what came of it. */
export interface Doing {
  /** In words: that it is done, or why not. */
  readonly said: string;
  /** Says something else, or nothing. */
  say(said: string): void;
  /** Waits for the answer, and says it: `done` where it is good. Never rejects. */
  run(asked: Promise<void> | undefined, done?: string): Promise<void>;
}

/** How long it stands there, in milliseconds. */
const STAYS_FOR = 5000;

export function useDoing(words: ConductMessages): Doing {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = said ? setTimeout(() => setSaid(""), STAYS_FOR) : undefined;
    return () => clearTimeout(timer);
  }, [said]);
  const run = async (asked: Promise<void> | undefined, done = words.done) => {
    setSaid("");
    try {
      await asked;
      setSaid(done);
    } catch (error) {
      setSaid(error instanceof MadangError && error.code === "forbidden" ? words.mayNot : words.failed);
    }
  };
  return { said, say: setSaid, run };
}
