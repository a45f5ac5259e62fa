// Joining a server that is busy: one waits one's turn, or gives up.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { faults } from "./support/axe.js";
import { chromiumTab } from "./support/browsers.js";
import { pass } from "./support/clock.js";
import { connections, serve, sockets, tab } from "./support/fake-browser.js";
import { output } from "./support/media.js";
import { importModule } from "./support/module.js";
import { startServer } from "./support/server.js";

const { Room } = await importModule("sdk/room");
const { Session } = await importModule("ui/session");

const local = { on: () => () => {}, chosen: () => undefined, mic: { state: "ended" }, camera: { state: "ended" }, sources: [], devices: [], close() {} };

/** A server that refuses this many hellos and joins, with a code. */
function busy({ hello = 0, join = 0, code = "unavailable" }) {
  const left = { hello, join };
  const heard = [];
  const answers = {
    hello: { t: "lobby", session: "secret", you: "me", ice: [], slots: { pairs: 1, audio: 0 }, codecs: [], bitrates: {}, state: "in", epoch: "e" },
    join: { t: "joined", sdp: "answer", limits: { pairs: 25 } },
    enter: { t: "welcome", room: { name: "yard" }, people: [], chat: { last: 0, epoch: "c" }, seq: 1 },
  };
  serve({
    hear({ t, id }, socket) {
      heard.push(t);
      if (left[t]-- > 0) socket.say({ t: "error", re: id, code, retry_ms: 2000 });
      else if (answers[t]) socket.say({ ...answers[t], re: id });
    },
  });
  return heard;
}

beforeEach(() => {
  sockets.length = connections.length = 0;
  tab.clear();
});

const timers = (t) => t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });

test("who joins a busy server asks again when it says, over the same connection, and says until when it waits", async (t) => {
  timers(t);
  const heard = busy({ join: 2 });
  const room = new Room({ local });
  const queued = [];
  room.on("queued", (until) => queued.push(until && until - Date.now()));
  let error;
  const joining = room.join({ room: "yard", name: "Dain" }).catch((e) => (error = e));
  await pass(t, 1950);
  assert.deepEqual([heard, queued, room.state], [["hello", "join"], [2000], "connecting"]);
  await pass(t, 2100);
  await joining;
  assert.equal(error, undefined);
  assert.deepEqual(heard.slice(0, 6), ["hello", "join", "join", "join", "ready", "enter"]);
  assert.deepEqual([queued, room.state, sockets.length, connections.length], [[2000, undefined, 2000, undefined], "in", 1, 1]);
  room.leave();
});

test("a hello that is refused for now is said again too", async (t) => {
  timers(t);
  const heard = busy({ hello: 1 });
  const room = new Room({ local });
  const joining = room.join({ room: "yard", name: "Dain" });
  await pass(t, 2050);
  await joining;
  assert.deepEqual([heard.slice(0, 3), sockets.length, room.state], [["hello", "hello", "join"], 2, "in"]);
  room.leave();
});

test("what is refused for another reason is not asked again", async () => {
  busy({ join: 1, code: "forbidden" });
  const room = new Room({ local });
  await assert.rejects(room.join({ room: "yard", name: "Dain" }), { code: "forbidden" });
  assert.equal(room.state, "idle");
});

test("who leaves while waiting asks no more", async (t) => {
  timers(t);
  const heard = busy({ join: 99 });
  const room = new Room({ local });
  const joining = assert.rejects(room.join({ room: "yard", name: "Dain" }), { code: "closed" });
  await pass(t, 100);
  room.leave();
  await joining;
  await pass(t, 10_000);
  assert.deepEqual([heard, room.state], [["hello", "join", "bye"], "left"]);
});

/** A visit whose room waits in the queue for ever, but may be left. */
function visit() {
  const rooms = [];
  const makeRoom = () => {
    let refuse;
    const listeners = {};
    const room = {
      me: "me", left: 0,
      chat: { on: () => () => {}, messages: [], caughtUp: false },
      on(event, listener) {
        listeners[event] = listener;
        return () => delete listeners[event];
      },
      say: (event, value) => listeners[event]?.(value),
      join: () => new Promise((_, reject) => (refuse = reject)),
      leave: () => (room.left++, room.say("state", "left"), refuse(new Error("left"))),
    };
    rooms.push(room);
    return room;
  };
  return { session: new Session({ local: () => local, room: makeRoom, info: async () => ({}), returning: () => undefined }, "yard"), rooms };
}

test("the lobby shows until when one waits, and cancelling stays in the lobby without trouble", async () => {
  const { session, rooms } = visit();
  const joining = session.join("Me", "", "en");
  rooms[0].say("state", "connecting");
  rooms[0].say("queued", 12_345);
  assert.deepEqual([session.queued.value, session.joining.value], [12_345, true]);
  session.cancel();
  await joining;
  assert.deepEqual(
    [rooms[0].left, session.queued.value, session.joining.value, session.refusal.value, session.state.value],
    [1, undefined, false, undefined, "idle"],
  );
  void session.join("Me", "", "en");
  assert.deepEqual([rooms.length, session.joining.value], [2, true]);
});

/** Has the server refuse joins of a page as long as `busy()`. */
function overload(page, busy, retryMs) {
  return page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { t, id } = JSON.parse(text);
      if (t === "join" && busy()) socket.send(JSON.stringify({ t: "error", re: id, code: "unavailable", retry_ms: retryMs }));
      else server.send(text);
    });
  });
}

test("the page says calmly that it waits, may be told to stop, and comes in when it is its turn", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "green", locale: "en-US", viewport: { width: 1280, height: 800 } });
  let busy = true;
  await overload(page, () => busy, 3000);
  await page.goto(`${url}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("Dain");
  const join = page.getByRole("button", { name: "Join", exact: true });
  await join.click();
  await page.getByRole("status").filter({ hasText: "The server is busy." }).waitFor();
  assert.match(await page.getByRole("timer").innerText(), /^Trying again in [123] seconds?…$/);
  assert.deepEqual(await faults(page), []);
  await page.screenshot({ path: `${output}queue.png` });

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("The server is busy.").waitFor({ state: "hidden" });
  await join.click();
  await page.getByText("The server is busy.").waitFor();
  busy = false;
  await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
});
