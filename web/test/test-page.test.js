// The connection check at /test: what it says on networks that let all or little
// through, to eyes, to screen readers and by keyboard.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { faults } from "./support/axe.js";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { serverFrom, setUp, skip } from "./support/far.js";
import { output } from "./support/media.js";
import { importModule } from "./support/module.js";
import { startServer } from "./support/server.js";
import { words } from "./support/words.js";

const { verdictOf, roundTripOf } = await importModule("sdk/check");
const { candidatesOf, withCandidates } = await importModule("sdk/probe");

const said = { done: "Copy as text" };
const laptop = { viewport: { width: 1000, height: 900 }, locale: "en-US" };

/** Opens the check and waits for its end; resolves with the verdict, and what is said of each line. */
async function checked(page, url) {
  await page.goto(`${url}/test`);
  return results(page);
}

async function results(page) {
  await page.locator(`button[aria-disabled=false]:has-text("${said.done}")`).waitFor();
  const verdict = await page.locator(".verdict [role=status]").innerText();
  const lines = await page.locator(".checks li").evaluateAll((all) =>
    all.map((line) => [line.querySelector(".check-name").firstChild.textContent, line.querySelector(".check-said").textContent]));
  return { verdict, lines: Object.fromEntries(lines) };
}

/** Keeps what the page looks like, in English and Korean. */
async function portray(page, name) {
  mkdirSync(`${output}test-page`, { recursive: true });
  for (const tag of ["en", "ko"]) {
    await page.locator("select").selectOption(tag);
    await page.locator(`html[lang=${tag}]`).waitFor();
    await page.screenshot({ path: `${output}test-page/${name}-${tag}.png`, fullPage: true });
  }
}

const korean = (page) => page.locator(".verdict [role=status]").innerText();

/** A tab on a far host, and the check as it is there. */
async function checkedFrom(t, prepare, settings = {}) {
  const [host] = await setUp(t, 1, {
    "ice.udp_port": 3480, "ice.workers": 1, "ice.tcp_port": 3480, "tls.mode": "self-signed", "turn.tls_port": 5349, ...settings,
  });
  host.secured = true;
  prepare(host);
  const page = await chromiumTab(t, { colour: "red", host, flags: ["--ignore-certificate-errors"], ...laptop });
  return { page, host: host.server, ...(await checked(page, serverFrom(host))) };
}

test("where nothing is blocked every way works", { skip }, async (t) => {
  const { page, verdict, lines } = await checkedFrom(t, () => {}, { "turn.udp_port": 3478, "turn.tcp_port": 3479 });
  assert.equal(verdict, "Calls will work well from here.");
  for (const way of ["Server (WebSocket)", "UDP", "TCP", "Relay over UDP", "Relay over TCP", "Relay over TLS", "IPv4"]) assert.equal(lines[way], "Works", way);
  assert.equal(lines.IPv6, "Not offered");
  assert.match(lines["Round trip"], /^\d+ ms$/);
  await portray(page, "open");
});

test("where UDP is blocked it says so, and whom to ask for what", { skip }, async (t) => {
  const { page, host, verdict, lines } = await checkedFrom(t, (host) => host.block());
  assert.equal(verdict, `Calls will work, over TCP: your network blocks UDP. Ask your administrator to open UDP port 3480 to ${host}.`);
  assert.deepEqual([lines.UDP, lines.TCP, lines["Relay over TLS"]], ["Blocked", "Works", "Works"]);
  await portray(page, "udp-blocked");
  assert.equal(await korean(page), words("ko").check.verdict.tcp({ host, udp: [3480], tcp: [], by: undefined }));
});

test("where UDP and TCP are blocked it says that the relay is left", { skip }, async (t) => {
  const { page, host, verdict, lines } = await checkedFrom(t, (host) => host.block(3480));
  assert.equal(verdict,
    "Calls will work, through the relay over TLS: your network blocks the direct ways. " +
    `Ask your administrator to open UDP port 3480 to ${host}, or at least TCP port 3480.`);
  assert.deepEqual([lines.UDP, lines.TCP, lines["Relay over TLS"]], ["Blocked", "Blocked", "Works"]);
  await portray(page, "relay-left");
});

test("where every way is blocked it says that there will be no calls", { skip }, async (t) => {
  const { page, verdict, lines } = await checkedFrom(t, (host) => host.block(3480, 5349));
  assert.match(verdict, /^Calls will not work from here/);
  assert.deepEqual([lines["Server (WebSocket)"], lines.UDP, lines.TCP, lines["Relay over TLS"]], ["Works", "Blocked", "Blocked", "Blocked"]);
  await portray(page, "all-blocked");
});

test("it needs no password where rooms do, and says what the server does not offer", async (t) => {
  const { url } = await startServer(t, { "rooms.password": "open sesame", "ice.tcp_port": -1, "turn.relay": "off" });
  const page = await chromiumTab(t, { colour: "blue", ...laptop });
  const { verdict, lines } = await checked(page, url);
  assert.equal(verdict, "Calls will work well from here.");
  assert.deepEqual([lines.UDP, lines.TCP, lines.Relay], ["Works", "Not offered", "Not offered"]);
  assert.match(lines.Codecs, /opus.*VP8/);
});

test("it says so when the WebSocket does not get through, and can be tried again", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", ...laptop });
  let hinder = true;
  await page.routeWebSocket(/\/ws$/, (socket) => (hinder ? socket.close() : socket.connectToServer()));
  const { verdict, lines } = await checked(page, url);
  assert.match(verdict, /^We can't reach .*proxy/);
  assert.deepEqual([lines["Server (WebSocket)"], lines.UDP], ["Blocked", "Not tested"]);
  hinder = false;
  await page.getByRole("button", { name: "Check again" }).click();
  await page.getByText("Calls will work well from here.").waitFor();
});

test("who cannot join because of the way to the server is shown the check", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", ...laptop });
  await page.routeWebSocket(/\/ws$/, (socket) => socket.close());
  await page.goto(`${url}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("Dain");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "can't reach the server" }).waitFor();
  const link = page.getByRole("link", { name: "Check your connection" });
  assert.deepEqual([await link.getAttribute("href"), await link.getAttribute("target")], ["/test", "_blank"]);
});

test("a browser without WebRTC is told", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", ...laptop });
  await page.addInitScript(() => {
    delete window.RTCPeerConnection;
    delete window.RTCRtpReceiver;
  });
  const { verdict, lines } = await checked(page, url);
  assert.match(verdict, /^This browser can't make calls/);
  assert.deepEqual([lines["Calls (WebRTC)"], lines.UDP], ["Missing", "Not tested"]);
});

test("a browser that goes no way of its own is told apart from a network that blocks", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", ...laptop, flags: ["--force-webrtc-ip-handling-policy", "--webrtc-ip-handling-policy=disable_non_proxied_udp"] });
  const { verdict, lines } = await checked(page, url);
  assert.match(verdict, /^This browser itself uses no UDP/);
  assert.equal(lines.UDP, "Held back by the browser");
});

test("Firefox is checked too", async (t) => {
  const { url } = await startServer(t);
  const page = await firefoxTab(t);
  await page.goto(`${url}/test`);
  await page.waitForSelector(".verdict.good", { timeout: 30_000 });
});

for (const look of [
  { colorScheme: "light", locale: "en-US", viewport: { width: 1280, height: 800 } },
  { colorScheme: "dark", locale: "ko-KR", viewport: { width: 390, height: 844 } },
]) {
  const { width, height } = look.viewport;
  test(`axe finds nothing wrong with the check at ${width}×${height}, ${look.colorScheme}, ${look.locale}`, async (t) => {
    const { url } = await startServer(t);
    const page = await chromiumTab(t, { colour: "blue", ...look, reducedMotion: "reduce" });
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(`${url}/test`);
    await page.locator(".checks").first().waitFor();
    assert.deepEqual(await faults(page), [], "while it runs");
    await page.locator(".verdict.good").waitFor();
    assert.deepEqual(await faults(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.deepEqual(complaints, []);
    mkdirSync(`${output}test-page`, { recursive: true });
    await page.screenshot({ path: `${output}test-page/look-${look.colorScheme}-${look.locale}.png`, fullPage: true });
  });
}

test("the check is done by keyboard alone, from the first page and back, and copied", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "red", ...laptop, permissions: ["clipboard-read", "clipboard-write"] });
  const focused = () => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent ?? "");
  const tabTo = async (name) => {
    for (let i = 0; i < 20 && (await focused()) !== name; i++) await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
  };
  await page.goto(url);
  await page.getByRole("button", { name: "Open room" }).waitFor();
  await tabTo("Check your connection");
  await page.keyboard.press("Enter");
  await page.locator(".verdict.good").waitFor();
  assert.equal(new URL(page.url()).pathname, "/test");
  assert.equal(await page.title(), "Connection check · Madang");
  await results(page);
  await tabTo("Copy as text");
  await page.keyboard.press("Enter");
  await page.getByText("The result is copied.").waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(text.startsWith(`Connection check · ${url} · 20`), text);
  for (const line of [/^Calls will work well from here\.$/m, /^UDP: Works \(ports? \d+/m, /^Round trip: \d+ ms$/m, /^Codecs: opus/m, /Chrome\//]) assert.match(text, line);
  await tabTo("First page");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Meet in the yard" }).waitFor();
});

test("where a page may not copy, the result can be selected", async (t) => {
  const { url } = await startServer(t);
  const page = await chromiumTab(t, { colour: "red", ...laptop });
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await checked(page, url);
  await page.getByRole("button", { name: "Copy as text" }).click();
  assert.match(await page.getByRole("textbox", { name: "Result as text" }).inputValue(), /UDP: Works/);
});

const at = (protocol, port, address = "192.0.2.1") => ({ protocol, address, port });
const works = (...offered) => ({ outcome: "works", offered, roundTrip: 10 });
const blocked = (...offered) => ({ outcome: "blocked", offered });
const reached = { roundTrip: 20, relays: [] };

test("the verdict is told as soon as it is known, and names what is blocked", () => {
  const [udp, tcp] = [at("udp", 3481), at("tcp", 3480)];
  const relay = (trial) => ({ url: "turns:x", by: "tls", trial });
  for (const [findings, course, ports = [[], []]] of [
    [{}, undefined],
    [{ server: { error: "closed" } }, "unreachable"],
    [{ server: { error: "unavailable" } }, "untested"],
    [{ server: reached }, undefined],
    [{ server: reached, udp: [works(udp)] }, "udp"],
    [{ server: reached, udp: [works(udp), blocked(at("udp", 3483), at("udp", 3483, "2001:db8::1")), blocked(at("udp", 3482))] }, "some-ports", [[3482, 3483], []]],
    [{ server: reached, udp: [blocked(udp)] }, undefined],
    [{ server: reached, udp: [{ outcome: "withheld", offered: [udp] }], tcp: works(tcp) }, "withheld"],
    [{ server: reached, udp: [blocked(udp)], tcp: works(tcp) }, "tcp", [[3481], []]],
    [{ server: reached, udp: [blocked(udp)], tcp: blocked(tcp), relays: [relay()] }, undefined],
    [{ server: reached, udp: [blocked(udp)], tcp: blocked(tcp), relays: [relay(works())] }, "relay", [[3481], [3480]]],
    [{ server: reached, udp: [blocked(udp)], tcp: blocked(tcp), relays: [relay(blocked())] }, "blocked", [[3481], [3480]]],
    [{ server: reached, udp: [{ outcome: "failed", offered: [] }], tcp: { outcome: "failed", offered: [] }, relays: [] }, "untested"],
  ]) {
    const verdict = verdictOf(findings);
    assert.equal(verdict?.course, course, JSON.stringify(findings));
    if (verdict) assert.deepEqual([verdict.blocked.udp, verdict.blocked.tcp], ports, JSON.stringify(findings));
  }
});

test("the round trip is that of the best way", () => {
  assert.equal(roundTripOf({}), undefined);
  assert.equal(roundTripOf({ server: reached }), 20);
  assert.equal(roundTripOf({ server: reached, udp: [{ ...works(), roundTrip: 7 }, { ...works(), roundTrip: 5 }], tcp: { ...works(), roundTrip: 3 } }), 5);
});

test("of an answer the candidates of one way are kept", () => {
  const sdp = [
    "v=0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=candidate:1 1 udp 2130706431 192.0.2.1 3480 typ host",
    "a=candidate:1 2 udp 2130706431 192.0.2.1 3480 typ host", "a=candidate:2 1 UDP 2130706431 2001:db8::1 3480 typ host generation 0",
    "a=candidate:3 1 tcp 1518280447 192.0.2.1 3481 typ host tcptype passive", "a=candidate:4 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active",
    "a=end-of-candidates", "",
  ].join("\r\n");
  assert.deepEqual(candidatesOf(sdp), [at("udp", 3480), at("udp", 3480, "2001:db8::1"), at("tcp", 3481)]);
  const over = withCandidates(sdp, ({ protocol }) => protocol === "tcp");
  assert.deepEqual(over.split("\r\n").filter((line) => /candidate/.test(line)), [
    "a=candidate:3 1 tcp 1518280447 192.0.2.1 3481 typ host tcptype passive", "a=end-of-candidates",
  ]);
  assert.ok(over.startsWith("v=0\r\n") && over.endsWith("\r\n"));
  assert.deepEqual(candidatesOf(withCandidates(sdp, () => false)), []);
});

test("the verdicts of the check name the ports to open, Korean in 해요체", () => {
  const named = { host: "meet.example.org", udp: [3480, 3481], tcp: [3480], by: "tls" };
  for (const [course, say] of Object.entries(words("ko").check.verdict)) {
    for (const [sentence] of say(named).matchAll(/[^.?]+[.?](?=\s|$)/g)) assert.match(sentence, /요[.?]$/, `${course}: ${sentence}`);
  }
  const [en, ko] = ["en", "ko"].map((language) => words(language).check);
  assert.equal(en.verdict.tcp({ ...named, udp: [3480] }),
    "Calls will work, over TCP: your network blocks UDP. Ask your administrator to open UDP port 3480 to meet.example.org.");
  assert.equal(en.verdict["some-ports"](named),
    "Calls will work, but not always well: UDP ports 3480 and 3481 are blocked. Ask your administrator to open UDP ports 3480 and 3481 to meet.example.org.");
  assert.equal(ko.verdict.relay(named),
    "통화할 수 있어요. 네트워크가 바로 가는 길을 막고 있어서 TLS 중계로 연결돼요. 네트워크 관리자에게 meet.example.org의 UDP 3480, 3481번 포트나 적어도 TCP 3480번 포트를 열어 달라고 해 주세요.");
});
