// What one may do in a room, as the SDK knows it: at the door, in the room, and out again.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { pass, settle } from "./support/clock.js";
import { connections, serve, sockets, tab } from "./support/fake-browser.js";
import { importModule } from "./support/module.js";

const { Room } = await importModule("sdk/room");
const { Allowance } = await importModule("sdk/allowance");
const { Chat } = await importModule("sdk/chat");
const { isAbove, outside, standingAfter, standingOf } = await importModule("sdk/standing");

const welcome = {
  t: "welcome", room: { name: "yard", locked: false }, people: [{ id: "me", name: "Dain", state: "in", role: "moderator" }], chat: { last: 0, epoch: "c" },
  role: "moderator", may: ["join", "mic", "moderate"], waiting: [{ member: "w", name: "Ada" }], seq: 1,
};

/** A server at whose door one waits: `enter` is not answered by itself. */
function door(more = {}) {
  const heard = [];
  const answers = {
    hello: { t: "lobby", session: "secret", you: "me", ice: [], slots: { pairs: 1, audio: 0 }, codecs: [], bitrates: {}, state: "waiting", epoch: "e" },
    join: { t: "joined", sdp: "answer", limits: { pairs: 25 } },
    ...more,
  };
  const is = { heard, answers, socket: undefined, asked: {}, forgot: false };
  serve({
    hear(message, socket) {
      is.socket = socket;
      is.asked[message.t] = message;
      heard.push(message.t);
      const answer = message.resume && !is.forgot ? { ...answers.hello, resumed: true } : answers[message.t];
      if (message.resume && is.forgot) socket.say({ t: "error", re: message.id, code: "not_found" });
      else if (answer) socket.say({ ...answer, re: message.id });
    },
  });
  return is;
}

/** Sources that do as they are told. */
function sources(states = {}) {
  const listeners = new Set();
  const did = [];
  const all = ["mic", "camera", "screen", "screen-audio"].map((kind) => ({ kind, state: states[kind] ?? "ended", busy: false }));
  const set = (kind, state) => {
    did.push(`${kind} ${state}`);
    const source = all.find((source) => source.kind === kind);
    source.state = state;
    for (const listener of listeners) listener(source);
  };
  const off = (kind, state) => async (on) => set(kind, on ? "live" : state);
  return {
    did, chosen: () => undefined, get sources() { return all; },
    on: (_, listener) => (listeners.add(listener), () => listeners.delete(listener)),
    setMic: off("mic", "muted"), setCamera: off("camera", "muted"), setScreen: off("screen", "ended"), stop: (kind) => set(kind, "ended"),
    get mic() { return all[0]; }, get camera() { return all[1]; },
  };
}

beforeEach(() => {
  sockets.length = connections.length = 0;
  tab.clear();
});

const timers = (t) => t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
const options = { room: "yard", name: "Dain", token: "t" };

test("who waits to be let in waits for as long as it takes, and comes in when somebody opens", async (t) => {
  timers(t);
  const server = door({ ping: { t: "pong" } });
  const room = new Room({ local: sources() });
  const joining = room.join(options);
  await pass(t, 500);
  assert.equal(room.state, "waiting");
  await pass(t, 30 * 60_000 / 60);
  assert.equal(room.state, "waiting");
  server.socket.say({ ...welcome, re: server.asked.enter.id });
  await settle();
  await joining;
  assert.equal(room.state, "in");
  assert.deepEqual([room.standing.role, [...room.standing.may], room.standing.waiting], ["moderator", ["join", "mic", "moderate"], [{ member: "w", name: "Ada" }]]);
  room.leave();
});

test("who waits keeps its place over a lost connection", async (t) => {
  timers(t);
  const server = door();
  const room = new Room({ local: sources() });
  const joining = room.join(options);
  await pass(t, 500);
  sockets.at(-1).drop(1006);
  await pass(t, 1500);
  assert.equal(room.state, "waiting");
  assert.deepEqual(server.heard.filter((t) => t === "enter").length, 2);
  assert.deepEqual(server.asked.hello.resume, { session: "secret", seq: 0 });
  server.socket.say({ ...welcome, re: server.asked.enter.id });
  await settle();
  await joining;
  assert.equal(room.state, "in");
  room.leave();
});

test("one may come in by another name than that of the lobby", async (t) => {
  timers(t);
  const server = door({ enter: welcome });
  const room = new Room({ local: sources() });
  await room.connect(options);
  await room.enter("Dain Kim");
  assert.deepEqual([server.asked.hello.name, server.asked.enter.name], ["Dain", "Dain Kim"]);
  room.leave();
  await room.join(options);
  assert.equal(server.asked.enter.name, undefined, "the same is not said twice");
  room.leave();
});

test("who is not let in is told so, and may knock again", async (t) => {
  timers(t);
  const server = door();
  const room = new Room({ local: sources() });
  const joining = room.join(options).catch((error) => error.code);
  await pass(t, 500);
  server.socket.say({ t: "error", re: server.asked.enter.id, code: "forbidden" });
  await settle();
  assert.equal(await joining, "forbidden");
  assert.equal(room.state, "idle");
});

test("who leaves while waiting waits no more", async (t) => {
  timers(t);
  const server = door();
  const room = new Room({ local: sources() });
  const joining = room.join(options).catch((error) => error.code);
  await pass(t, 500);
  room.leave();
  await pass(t, 10_000);
  assert.equal(typeof (await joining), "string");
  assert.equal(server.heard.filter((t) => t === "hello").length, 1);
});

/** A room that one is in. */
async function inside(t, local = sources(), more = {}) {
  timers(t);
  const server = door({ enter: { ...welcome, ...more } });
  const room = new Room({ local });
  await Promise.all([room.join(options), pass(t, 100)]);
  return { room, server, local };
}

test("who has been in waits once more where a server began anew, and is shown to", async (t) => {
  const { room, server } = await inside(t);
  delete server.answers.enter;
  server.forgot = true;
  sockets.at(-1).drop(1001);
  await pass(t, 1500);
  assert.equal(room.state, "waiting");
  assert.equal(room.members.length, 1, "the room stands on the screen");
  server.socket.say({ ...welcome, re: server.asked.enter.id });
  await settle();
  assert.equal(room.state, "in");
  room.leave();
});

test("what ends a stay has a code of its own", async (t) => {
  for (const [end, code] of [
    [(socket) => socket.say({ t: "bye", code: "forbidden" }), "kicked"],
    [(socket) => socket.say({ t: "bye", code: "not_found" }), "room_gone"],
    [(socket) => socket.drop(4003), "kicked"],
    [(socket) => socket.drop(4004), "room_gone"],
    [(socket) => socket.drop(4001), "expired"],
  ]) {
    const { room, server } = await inside(t);
    end(server.socket);
    await settle();
    assert.deepEqual([room.state, room.lastError.code], ["left", code]);
    t.mock.timers.reset();
  }
});

test("requests are answered, or refused with a code", async (t) => {
  const { room, server } = await inside(t);
  for (const [ask, said] of [
    [() => room.hand(true), { t: "hand", up: true }],
    [() => room.react("👏"), { t: "react", emoji: "👏" }],
    [() => room.moderation.lowerHand("a"), { t: "hand", member: "a", up: false }],
    [() => room.moderation.setRole("a", "guest"), { t: "role", member: "a", role: "guest" }],
    [() => room.moderation.mute("mic", { hold: true }), { t: "mute", source: "mic", hold: true }],
    [() => room.moderation.mute("screen", { member: "a" }), { t: "mute", source: "screen", member: "a" }],
    [() => room.moderation.unmute("mic", "a"), { t: "unmute", source: "mic", member: "a" }],
    [() => room.moderation.kick("a", 600), { t: "kick", member: "a", ban_s: 600 }],
    [() => room.moderation.kick("a"), { t: "kick", member: "a" }],
    [() => room.moderation.lock(true), { t: "lock", locked: true }],
    [() => room.moderation.admit("a"), { t: "admit", member: "a" }],
    [() => room.moderation.admit(), { t: "admit" }],
    [() => room.moderation.deny("a"), { t: "deny", member: "a" }],
    [() => room.moderation.slow(10), { t: "slow", seconds: 10 }],
    [() => room.moderation.spotlight({ member: "b", source: "screen" }), { t: "spotlight", member: "b", source: "screen" }],
    [() => room.moderation.spotlight(), { t: "spotlight" }],
    [() => room.moderation.clearChat(), { t: "clear" }],
    [() => room.moderation.end(), { t: "end" }],
  ]) {
    const done = ask();
    await settle();
    const { id, ...message } = server.asked[said.t];
    assert.deepEqual(message, said);
    server.socket.say({ t: "done", re: id });
    await done;
  }
  const refused = room.moderation.end().catch((error) => error.code);
  await settle();
  server.socket.say({ t: "error", re: server.asked.end.id, code: "forbidden" });
  assert.equal(await refused, "forbidden");
  const made = room.moderation.invite("guest", 3600, 10);
  await settle();
  server.socket.say({ t: "invite", re: server.asked.invite.id, token: "abc", expires_in_ms: 3_600_000 });
  assert.deepEqual(await made, { token: "abc", expires: Date.now() + 3_600_000 });
  room.leave();
  await assert.rejects(room.hand(true), { code: "conflict" });
});

test("a token is refreshed, and said again when one comes back anew", async (t) => {
  const { room, server } = await inside(t);
  let expires;
  room.on("expires", (at) => (expires = at - Date.now()));
  server.socket.say({ t: "token", expires_in_ms: 60_000 });
  assert.equal(expires, 60_000);
  const done = room.refreshToken("new");
  await settle();
  assert.equal(server.asked.token.token, "new");
  server.socket.say({ t: "token", re: server.asked.token.id, expires_in_ms: 3_600_000 });
  await done;
  sockets.at(-1).drop(1006);
  await pass(t, 1000);
  assert.equal(server.asked.hello.token, "new");
  room.leave();
});

test("what others do is told once, and one's own sources obey", async (t) => {
  const { room, server, local } = await inside(t, sources({ mic: "live" }));
  const heard = [];
  for (const event of ["muted", "asked", "reaction"]) room.on(event, (value) => heard.push([event, value]));
  const mute = { t: "mute", source: "mic", hold: true, by: "b", seq: 2 };
  server.socket.say(mute);
  server.socket.say(mute); // told before
  server.socket.say({ t: "react", member: "b", emoji: "👍", seq: 3 });
  await settle();
  assert.deepEqual(heard, [["muted", { source: "mic", hold: true, by: "b" }], ["reaction", { member: "b", emoji: "👍" }]]);
  assert.deepEqual(local.did, ["mic muted"]);
  await local.setMic(true); // but it is held
  await settle();
  assert.equal(local.mic.state, "muted");
  server.socket.say({ t: "unmute", source: "mic", by: "b", seq: 4 });
  assert.deepEqual(heard.at(-1), ["asked", { source: "mic", by: "b" }]);
  assert.equal(local.mic.state, "muted", "only the person decides");
  await local.setMic(true);
  await settle();
  assert.equal(local.mic.state, "live");
  server.socket.say({ t: "may", role: "guest", may: ["join", "chat"], seq: 5 });
  assert.equal(local.mic.state, "ended", "who may not be heard is not");
  assert.equal(room.standing.role, "guest");
  room.leave();
});

test("who comes as a guest publishes nothing", async (t) => {
  const { room, server, local } = await inside(t, sources({ mic: "live", camera: "live" }), { role: "guest", may: ["join", "chat"] });
  assert.deepEqual([local.mic.state, local.camera.state], ["ended", "ended"]);
  assert.equal(server.heard.includes("publish"), false);
  room.leave();
});

test("a source that is held is muted whatever switches it on, a screen with its sound", async () => {
  const local = sources({ screen: "live", "screen-audio": "live" });
  const allowance = new Allowance(local);
  allowance.hold(["screen", "screen-audio"]);
  assert.deepEqual(local.did.toSorted(), ["screen ended", "screen-audio ended"]);
  assert.deepEqual(["mic", "screen", "screen-audio"].map((kind) => allowance.allows(kind)), [true, false, false]);
  allowance.release("screen");
  assert.ok(allowance.allows("screen-audio"));
});

test("standing follows each message", () => {
  const first = standingOf({ ...welcome, room: { name: "yard", locked: true, slow_s: 5 } });
  assert.deepEqual([first.locked, first.slow, first.role], [true, 5, "moderator"]);
  const steps = [
    [{ t: "lock", locked: false }, ({ locked }) => locked, false],
    [{ t: "slow", seconds: 30 }, ({ slow }) => slow, 30],
    [{ t: "spotlight", member: "b", source: "camera" }, ({ spotlight }) => spotlight, { member: "b", source: "camera" }],
    [{ t: "spotlight" }, ({ spotlight }) => spotlight, undefined],
    [{ t: "waiting", add: [{ member: "x", name: "Bo" }] }, ({ waiting }) => waiting.map(({ name }) => name).join(), "Ada,Bo"],
    [{ t: "waiting", del: ["w"], add: [{ member: "x", name: "Bo" }] }, ({ waiting }) => waiting.map(({ name }) => name).join(), "Bo"],
    [{ t: "may", role: "member", may: ["join"] }, ({ waiting, role }) => [role, waiting.length].join(), "member,0"],
  ];
  let standing = first;
  for (const [message, read, wanted] of steps) {
    standing = standingAfter(standing, message);
    assert.deepEqual(read(standing), wanted, message.t);
  }
  assert.deepEqual(standingOf({ room: {} }).role, outside.role, "a server that says nothing of it");
});

test("roles stand above each other", () => {
  const roles = ["guest", "member", "moderator", "owner"];
  for (const [i, role] of roles.entries()) for (const [j, other] of roles.entries()) assert.equal(isAbove(role, other), i > j);
});

test("what was cleared stays away, be it that it comes again", async () => {
  const chat = new Chat();
  let cleared = 0;
  chat.on("cleared", () => cleared++);
  chat.start({ send: () => true, me: "me", name: "Me" }, "e", 3);
  const line = (seq) => ({ t: "msg", epoch: "e", seq, id: `i${seq}`, cid: `c${seq}`, from: "a", name: "A", text: `${seq}`, at: seq });
  for (const seq of [1, 2, 3]) chat.receive(line(seq));
  chat.receive({ t: "clear", seq: 2 });
  chat.receive(line(1));
  chat.receive(line(4));
  assert.deepEqual(chat.messages.map(({ text }) => text), ["3", "4"]);
  assert.equal(cleared, 1);
});
