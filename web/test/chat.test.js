import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { Chat } = await importModule("sdk/chat");

/** A link that keeps what was sent. */
function link(me = "me") {
  const sent = [];
  return { sent, me, name: "Dain", send: (message) => sent.push(message) > 0 };
}

function line(seq, more = {}) {
  return { t: "msg", epoch: "e1", seq, id: `id${seq}`, cid: `cid${seq}`, from: "other", name: "Bo", text: `line ${seq}`, at: seq, ...more };
}

const texts = (chat) => chat.messages.map(({ text }) => text);

test("a chat line stands once, whichever way and however often it comes", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 0);
  for (const seq of [1, 2, 2, 1, 3]) chat.receive(line(seq));
  assert.deepEqual(texts(chat), ["line 1", "line 2", "line 3"]);
});

test("chat lines stand in the server's order", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 5);
  for (const seq of [6, 2, 4, 1, 3, 5]) chat.receive(line(seq));
  assert.deepEqual(chat.messages.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
});

test("an own chat line shows at once and takes its place when the server has it", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  const cid = chat.send("hello");
  assert.deepEqual(chat.messages.map(({ state, mine }) => [state, mine]), [["sending", true]]);
  chat.receive(line(1));
  chat.receive(line(2, { cid, from: "me", name: "Dain", text: "hello" }));
  assert.deepEqual(texts(chat), ["line 1", "hello"]);
  assert.deepEqual(chat.messages[1], { cid, id: "id2", seq: 2, from: "me", name: "Dain", text: "hello", at: 2, mine: true, state: "sent" });
  assert.deepEqual(wire.sent, [{ t: "msg", cid, text: "hello" }]);
});

test("a line goes to one, or answers another, and so it goes again", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  chat.receive(line(1));
  const cid = chat.send("hello", { to: "other", reply: "id1" });
  assert.deepEqual(chat.messages[1], { ...chat.messages[1], to: "other", reply: "id1", state: "sending" });
  chat.receive({ t: "error", cid, code: "unavailable" });
  chat.retry(cid);
  const sent = { t: "msg", cid, to: "other", reply: "id1", text: "hello" };
  assert.deepEqual(wire.sent, [sent, sent]);
  chat.receive(line(2, { cid, from: "me", to: "other", text: "hello" }));
  assert.equal(chat.messages[1].reply, undefined, "the server has the last word");
});

test("on entering, the history is asked for from the beginning", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 7);
  assert.deepEqual(wire.sent, [{ t: "since", epoch: "e1", seq: 0 }]);
  assert.equal(chat.caughtUp, false);
  chat.receive({ t: "caught-up", seq: 7 });
  assert.equal(chat.caughtUp, true);
});

test("after a gap what may be missing is asked for, and what is unacknowledged goes again after it", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 0);
  for (const seq of [1, 2]) chat.receive(line(seq));
  const taken = chat.send("taken before the gap");
  const lost = chat.send("lost in the gap");
  chat.stop();
  const written = chat.send("written in the gap");

  const wire = link("me again");
  chat.start(wire, "e1", 4);
  assert.deepEqual(wire.sent, [{ t: "since", epoch: "e1", seq: 0 }]);
  chat.receive(line(3, { cid: taken, from: "me", text: "taken before the gap" }));
  chat.receive(line(4));
  chat.receive({ t: "caught-up", seq: 4 });
  assert.deepEqual(wire.sent.slice(1).map(({ cid }) => cid), [lost, written]);
  assert.deepEqual(texts(chat), ["line 1", "line 2", "taken before the gap", "line 4", "lost in the gap", "written in the gap"]);
  assert.equal(chat.messages[2].mine, true);
});

test("while the way to the server is broken, a line that comes by another does not hide those that are missing", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  chat.receive(line(1));
  chat.interrupt();
  chat.receive(line(3));
  const cid = chat.send("not acknowledged");
  chat.catchUp();
  assert.deepEqual(wire.sent.at(-1), { t: "since", epoch: "e1", seq: 0 });
  for (const seq of [2, 3]) chat.receive(line(seq));
  chat.receive({ t: "caught-up", seq: 3 });
  assert.deepEqual(texts(chat), ["line 1", "line 2", "line 3", "not acknowledged"]);
  assert.deepEqual(wire.sent.filter((message) => message.cid === cid).length, 2, "it goes again, under the same name");
});

test("after a gap sixteen lines are asked for once more, and stand once: the last of them may not have come", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  for (let seq = 1; seq <= 40; seq++) if (seq !== 38) chat.receive(line(seq));
  for (const begin of [() => chat.catchUp(), () => (chat.stop(), chat.start(wire, "e1", 40))]) {
    wire.sent.length = 0;
    begin();
    assert.deepEqual(wire.sent, [{ t: "since", epoch: "e1", seq: 24 }]);
  }
  assert.equal(chat.caughtUp, true, "nothing is known to be missing");
  for (let seq = 25; seq <= 40; seq++) chat.receive(line(seq));
  chat.receive({ t: "caught-up", seq: 40 });
  assert.deepEqual(chat.messages.map(({ seq }) => seq), Array.from({ length: 40 }, (_, i) => i + 1));
});

test("live lines that come before the history is complete do not hide a gap", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 5);
  chat.receive(line(6));
  chat.stop();
  const wire = link();
  chat.start(wire, "e1", 6);
  assert.deepEqual(wire.sent, [{ t: "since", epoch: "e1", seq: 0 }]);
});

test("another epoch keeps what there is, marks the break and starts over", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 0);
  for (const seq of [1, 2]) chat.receive(line(seq));
  chat.stop();
  const wire = link();
  chat.start(wire, "e2", 2);
  assert.deepEqual(wire.sent, [{ t: "since", epoch: "e2", seq: 0 }]);
  for (const seq of [2, 1]) chat.receive(line(seq, { epoch: "e2", id: `new${seq}`, cid: `new${seq}`, text: `new ${seq}` }));
  assert.deepEqual(texts(chat), ["line 1", "line 2", "new 1", "new 2"]);
  assert.deepEqual(chat.messages.map(({ afterBreak }) => Boolean(afterBreak)), [false, false, true, false]);
});

test("a refused chat line says why, and can be tried again", () => {
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  const cid = chat.send("hello");
  chat.receive({ t: "error", cid, code: "forbidden" });
  assert.deepEqual([chat.messages[0].state, chat.messages[0].error], ["failed", "forbidden"]);
  chat.retry(cid);
  assert.deepEqual([chat.messages[0].state, "error" in chat.messages[0]], ["sending", false]);
  assert.equal(wire.sent.length, 2);
});

test("a line refused for its haste goes again by itself", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const chat = new Chat();
  const wire = link();
  chat.start(wire, "e1", 0);
  const cid = chat.send("hello");
  chat.receive({ t: "error", cid, code: "too_fast", retry_ms: 300 });
  assert.equal(chat.messages[0].state, "sending");
  t.mock.timers.tick(300);
  assert.deepEqual(wire.sent.map((message) => message.cid), [cid, cid]);
});

test("a chat line over 4,096 bytes is refused before it is sent", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 0);
  assert.throws(() => chat.send("마".repeat(1366)), { code: "too_big" });
  assert.equal(chat.messages.length, 0);
  chat.send("마".repeat(1365));
});

test("a line that is taken back goes everywhere", () => {
  const chat = new Chat();
  chat.start(link(), "e1", 0);
  for (const seq of [1, 2]) chat.receive(line(seq));
  chat.receive({ t: "del", id: "id1" });
  assert.deepEqual(texts(chat), ["line 2"]);
});

test("who writes is forgotten after a while, and when the line comes", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const chat = new Chat();
  const heard = [];
  chat.on("typing", (members) => heard.push(members.join()));
  chat.start(link(), "e1", 0);
  chat.receive({ t: "typing", from: "a" });
  chat.receive({ t: "typing", from: "a" });
  chat.receive({ t: "typing", from: "other" });
  chat.receive(line(1));
  t.mock.timers.tick(6000);
  assert.deepEqual(heard, ["a", "a,other", "a", ""]);
});

test("a page of history is told once", async () => {
  const chat = new Chat();
  let told = 0;
  chat.on("messages", () => told++);
  chat.start(link(), "e1", 200);
  for (let seq = 1; seq <= 200; seq++) chat.receive(line(seq));
  await Promise.resolve();
  assert.equal(told, 1);
});
