// What a Room says to servers when its WebSocket breaks, its server ends, its
// network changes, or its page is loaded anew.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { connections, happen, serve, sockets, tab } from "./support/fake-browser.js";
import { importModule } from "./support/module.js";

const { Room } = await importModule("sdk/room");

const local = {
  on: () => () => {}, chosen: () => undefined, mic: { state: "live" }, camera: { state: "muted" },
  sources: [{ kind: "mic", state: "live" }, { kind: "camera", state: "muted" }],
};

/** A server that knows its sessions; each of its members has an id of its own. */
class Server {
  sessions = new Map(); // by secret: the member's id
  heard = [];
  constructor(name) {
    this.name = name;
  }
  hear(message, socket) {
    this.heard.push(message);
    this[message.t]?.(message, socket);
  }
  hello({ id, resume }, socket) {
    if (this.refuse) return socket.say({ t: "error", re: id, ...this.refuse });
    if (resume && !this.sessions.has(resume.session)) return socket.say({ t: "error", re: id, code: "not_found" });
    const session = resume?.session ?? `${this.name} secret ${this.sessions.size}`;
    if (!resume) this.sessions.set(session, `${this.name} member ${this.sessions.size}`);
    socket.say({
      t: "lobby", re: id, session, you: this.sessions.get(session), ice: [{ urls: `turn:${this.name}` }], slots: { pairs: 2, audio: 1 },
      codecs: ["vp8"], bitrates: {}, state: "in", epoch: this.name, ...(resume && { resumed: true }),
    });
  }
  join({ id }, socket) { socket.say({ t: "joined", re: id, sdp: "answer", limits: { pairs: 25 } }); }
  offer({ id }, socket) { socket.say({ t: "answer", re: id, sdp: "answer" }); }
  enter({ id }, socket) {
    const people = [...this.sessions.values()].map((id) => ({ id, name: id, state: "in", sources: {} }));
    socket.say({ t: "welcome", re: id, room: { name: "yard" }, people, chat: { last: 0, epoch: `${this.name} chat` }, seq: 1 });
  }
}

const settle = async () => { for (let i = 0; i < 100; i++) await Promise.resolve(); };
const types = (messages) => messages.map(({ t }) => t).filter((t) => t !== "ping");
const view = (member) => [{ member, source: "camera", width: 320, height: 180 }];

let room;
beforeEach(() => {
  sockets.length = connections.length = 0;
  tab.clear();
});
afterEach(() => room.leave());

/** In the room of a server, with somebody on the screen; `states` are those that the room goes through then. */
async function entered(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  const server = new Server("first");
  serve(server);
  const states = [];
  room = new Room({ local });
  await room.join({ room: "yard", name: "Dain" });
  room.on("state", (state) => states.push(state));
  connections[0].become("connected");
  room.view(view("bo"));
  await settle();
  server.heard.length = 0;
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 50) {
      t.mock.timers.tick(50);
      await settle();
    }
  };
  return { server, states, pass };
}

test("a WebSocket that breaks is resumed: the same member, what was said last is said again, nothing else", async (t) => {
  const { server, states } = await entered(t);
  sockets[0].say({ t: "speakers", levels: [], seq: 2 });
  const [me, members] = [room.me, room.members];
  sockets[0].drop(1006);
  await settle();
  assert.deepEqual(server.heard[0].resume, { session: "first secret 0", seq: 2 });
  assert.deepEqual(types(server.heard), ["hello", "publish", "publish", "view", "since"]);
  assert.deepEqual(server.heard.filter(({ t }) => t === "publish").map(({ source, state }) => `${source} ${state}`).sort(), ["camera muted", "mic live"]);
  assert.deepEqual(server.heard.find(({ t }) => t === "view").tiles, [{ member: "bo", source: "camera", w: 320, h: 180 }]);
  assert.deepEqual([room.me, room.members, connections.length], [me, members, 1]);
  assert.deepEqual(states, ["reconnecting", "in"]);
  assert.deepEqual(connections[0].configuration.iceServers, [{ urls: "turn:first" }]);
});

test("what was missed comes after, once, and a welcome replaces all", async (t) => {
  const { pass } = await entered(t);
  const add = (id, seq) => ({ t: "people", add: [{ id, name: id, state: "in" }], seq });
  sockets[0].say(add("bo", 2));
  sockets[0].drop(1006);
  await settle();
  for (const message of [add("bo", 2), { t: "people", del: ["bo"], seq: 3 }, { t: "people", del: ["bo"], seq: 2 }]) sockets[1].say(message);
  assert.deepEqual(room.members.map(({ id }) => id), ["first member 0"]);
  sockets[1].say({ t: "welcome", room: {}, people: [{ id: "ada", name: "Ada", state: "reconnecting" }], chat: {}, seq: 90 });
  assert.deepEqual(room.members.map(({ id, state }) => `${id} ${state}`), ["ada reconnecting"]);
  sockets[1].drop(1006);
  await pass(500);
  assert.deepEqual(sockets[2].sent[0].resume.seq, 90);
});

test("a session that is gone is begun anew on the same WebSocket, and the room stays on the screen meanwhile", async (t) => {
  const { states, pass } = await entered(t);
  const chatted = room.chat.send("not acknowledged");
  const before = room.members;
  serve(undefined);
  sockets[0].drop(1006);
  await pass(3000);
  assert.equal(room.members, before);
  const second = new Server("second");
  serve(second);
  await pass(6000);
  assert.deepEqual(types(second.heard).slice(0, 5), ["hello", "hello", "join", "ready", "enter"]);
  assert.deepEqual(types(second.heard).slice(5).sort(), ["msg", "publish", "publish", "view"]);
  assert.equal(second.heard[1].resume, undefined);
  assert.equal(second.heard.find(({ t }) => t === "msg").cid, chatted);
  assert.deepEqual([room.me, states], ["second member 0", ["reconnecting", "in"]]);
  assert.equal(connections[0].connectionState, "closed");
});

test("who was here stays in place until back, on a server that forgot everybody, or for ten seconds", async (t) => {
  const { pass } = await entered(t);
  for (const [i, id] of ["bo", "ada"].entries()) sockets[0].say({ t: "people", add: [{ id, name: id, state: "in" }], seq: 2 + i });
  sockets[0].say({ t: "speakers", levels: [["bo", 100]], seq: 4 });
  assert.equal(room.speakers.length, 1);
  serve(undefined);
  sockets[0].drop(1006);
  await settle();
  assert.deepEqual(room.speakers, [], "who speaks is not known");
  serve(new Server("second"));
  await pass(3000);
  const list = () => room.members.map(({ id, state }) => `${id} ${state}`).join(", ");
  assert.equal(list(), "bo reconnecting, ada reconnecting, second member 0 in");
  sockets.at(-1).say({ t: "people", add: [{ id: "bo again", name: "bo", state: "in" }], seq: 2 });
  assert.equal(list(), "bo again in, ada reconnecting, second member 0 in");
  await pass(10_000);
  assert.equal(list(), "bo again in, second member 0 in");
});

test("a server that refuses for now is asked later, one that refuses for good is not", async (t) => {
  const { server, states, pass } = await entered(t);
  server.refuse = { code: "unavailable", retry_ms: 2000 };
  sockets[0].drop(1006);
  await pass(1900);
  assert.equal(sockets.length, 2);
  await pass(200);
  assert.equal(sockets.length, 3);
  server.refuse = { code: "unauthorized" };
  await pass(10_000);
  assert.deepEqual(states, ["reconnecting", "left"]);
  assert.equal(room.lastError.code, "unauthorized");
  const asked = sockets.length;
  await pass(60_000);
  assert.equal(sockets.length, asked);
});

test("who is replaced or removed does not come back", async (t) => {
  for (const [code, error] of [[4010, "replaced"], [4003, "kicked"], [4004, "room_gone"]]) {
    const { states, pass } = await entered(t);
    sockets.at(-1).drop(code);
    const asked = sockets.length;
    await pass(10_000);
    assert.deepEqual([states, room.lastError.code, sockets.length, tab.size], [["left"], error, asked, 0]);
    t.mock.timers.reset();
  }
});

test("who leaves while away is out", async (t) => {
  const { states, pass } = await entered(t);
  serve(undefined);
  sockets[0].drop(1006);
  await pass(1000);
  room.leave();
  const asked = sockets.length;
  await pass(10_000);
  assert.deepEqual([states, sockets.length], [["reconnecting", "left"], asked]);
});

test("ICE restarts when the media are gone for two seconds, and the room says so until they are back", async (t) => {
  const { server, states, pass } = await entered(t);
  connections[0].become("disconnected");
  await pass(1950);
  assert.deepEqual(types(server.heard), []);
  await pass(100);
  assert.deepEqual(server.heard.filter(({ t }) => t === "offer").map(({ restart }) => restart), [true]);
  assert.equal(connections[0].offers.at(-1).iceRestart, true);
  connections[0].become("connected");
  assert.deepEqual(states, ["reconnecting", "in"]);
  assert.equal(room.lastError.code, "media_failed");
});

test("a restart that is due while the WebSocket is broken is made when it is resumed", async (t) => {
  const { server, pass } = await entered(t);
  serve(undefined);
  sockets[0].drop(1006);
  connections[0].become("failed");
  await pass(1000);
  serve(server);
  await pass(3000);
  assert.deepEqual(types(server.heard), ["hello", "publish", "publish", "view", "since", "offer", "ready"]);
});

test("another network: the server is asked for a sign of life and ICE restarts, at once", async (t) => {
  const { server, pass } = await entered(t);
  happen("online");
  await settle();
  assert.deepEqual(server.heard.map(({ t }) => t), ["ping", "offer", "ready"]);
  await pass(2000); // no sign of life came, but answers did
  assert.equal(sockets.length, 1);
  server.offer = () => {};
  happen("online");
  await pass(2050);
  assert.deepEqual(types(sockets[1].sent).slice(0, 1), ["hello"], "a silent server is left for another WebSocket");
  assert.equal(sockets[0].closedWith, 4010, "without leaving");
});

test("a page that slept restarts ICE when it wakes, a page that is only looked at again asks for a sign of life", async (t) => {
  const { server, pass } = await entered(t);
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.deepEqual(server.heard.map(({ t }) => t), ["ping"]);
  server.heard.length = 0;
  t.mock.timers.setTime(Date.now() + 60_000);
  await pass(2000);
  assert.ok(types(server.heard).includes("offer"));
});

test("a server that ends is left for the one that it names", async (t) => {
  const { server, pass } = await entered(t);
  const other = new Server("other");
  serve(other);
  sockets[0].say({ t: "goaway", in_ms: 5000, url: "wss://other/ws" });
  await pass(5050);
  assert.deepEqual(types(server.heard), ["bye"]);
  assert.equal(sockets[1].url, "wss://other/ws");
  assert.deepEqual([room.me, room.state], ["other member 0", "in"]);
  serve(undefined);
  sockets[1].drop(1001);
  await pass(5000);
  assert.equal(sockets.at(-1).url, "ws://there/ws", "where nobody is, nobody is sought for long");
});

test("a server that ends and names no other is left when it closes", async (t) => {
  const { states, pass } = await entered(t);
  sockets[0].say({ t: "goaway", in_ms: 5000 });
  await pass(10_000);
  assert.equal(sockets.length, 1);
  sockets[0].drop(1001);
  await settle();
  assert.deepEqual([sockets.length, states], [2, ["reconnecting", "in"]]);
});

test("a page that goes says so, and loaded anew it is the same member with a new connection", async (t) => {
  const { server } = await entered(t);
  happen("pagehide");
  await settle();
  assert.deepEqual(server.heard, [{ t: "bye", hold_ms: 600 }]);
  assert.deepEqual(Room.returning("yard"), JSON.parse(tab.get("madang.session")));
  const { name, mic, camera } = Room.returning("yard");
  assert.deepEqual({ name, mic, camera }, { name: "Dain", mic: true, camera: false });
  assert.equal(Room.returning("another"), undefined);

  server.heard.length = 0;
  const [before, me] = [room, room.me];
  room = new Room({ local });
  await room.join({ room: "yard", name: "Dain" });
  assert.deepEqual(server.heard[0].resume, { session: "first secret 0", seq: 0 });
  assert.deepEqual(types(server.heard).slice(0, 4), ["hello", "join", "ready", "enter"]);
  assert.equal(room.me, me);
  before.leave();
});

test("what was kept is forgotten by leaving, and too old after a while", async (t) => {
  await entered(t);
  assert.ok(Room.returning("yard"));
  room.leave();
  assert.equal(Room.returning("yard"), undefined);

  t.mock.timers.reset();
  const { pass } = await entered(t);
  happen("pagehide");
  const kept = tab.get("madang.session");
  room.leave();
  tab.set("madang.session", kept);
  await pass(39_000);
  assert.ok(Room.returning("yard"));
  await pass(1000);
  assert.equal(Room.returning("yard"), undefined);
});
