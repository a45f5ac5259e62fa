import { MadangError } from "./errors.ts";
import { Socket } from "./socket.ts";
import { version, type Hello, type Lobby, type Resume, type TestHello } from "./wire.ts";

/** A way to the server, and what it said to our hello. */
export interface Greeting {
  readonly socket: Socket;
  readonly lobby: Lobby;
}

/**
 * Opens a WebSocket and says hello: as the session to `resume` if the server
 * still knows it (`lobby.resumed`), as somebody new otherwise. `patience` is how
 * long the server may take for each step, in milliseconds. Throws ServerError, ConnectionError.
 */
export async function greet(url: string, hello: Hello | TestHello, resume: Resume | undefined, patience: number, signal: AbortSignal): Promise<Greeting> {
  const socket = new Socket(url);
  const close = () => socket.close();
  signal.addEventListener("abort", close);
  try {
    await socket.opened(patience);
    const say = (more: object) => socket.request("hello", { v: version, ...hello, ...more }, patience).answer;
    const lobby = await say(resume ? { resume } : {}).catch((error: MadangError) => {
      if (resume && error.code === "not_found") return say({});
      throw error;
    });
    return { socket, lobby };
  } catch (error) {
    socket.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}
