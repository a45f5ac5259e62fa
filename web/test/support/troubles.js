// Every trouble that people meet, on the made-up room: how one comes into it, the
// words that tell it, and the names of what one may press next.

import { at, knock, room } from "./states.js";

/** A trouble that is told by these words, with these ways on. */
const told = (state, tell, ways = () => []) => ({ ...state, tell, ways });

/** Some are told only when they last: time goes by at once. */
const after = (seconds, begin = async () => {}) => async (way) => {
  await begin(way);
  await way.page.clock.runFor(1000 * seconds);
};
const mute = ({ press, said }) => press(said.microphone);
const refused = (code, ways) => told(knock(code, `refuse=${code}`, async () => {}), (said) => [said.trouble[code]], ways ?? ((said) => [said.join]));
const out = (code) => told(at(code, `/r/yard?enter=1&lost=${code}`), (said) => [said.trouble[code]], (said) => [said.rejoin, said.backToStart]);
const again = (said) => [said.tryAgain, said.dismiss];

export const troubles = [
  told(at("devices forbidden", "/r/yard?deny=both"), (said) => [said.care.camerasAndMicrophones, said.trouble.device_denied, said.care.allow.chromium], again),
  told(at("no camera", "/r/yard?deny=camera&code=device_missing"), (said) => [said.trouble.device_missing], again),
  told(at("microphone taken", "/r/yard?deny=mic&code=device_busy"), (said) => [said.trouble.device_busy], again),
  told(at("camera broken", "/r/yard?deny=camera&code=device_failed"), (said) => [said.trouble.device_failed], again),
  told(at("no https", "/r/yard?deny=both&code=insecure_origin"), (said) => [said.trouble.insecure_origin, said.care.stillListen], (said) => [said.dismiss]),
  told(at("no devices at all", "/r/yard?deny=both&code=unsupported"), (said) => [said.trouble.unsupported, said.care.stillListen], (said) => [said.dismiss]),
  told(at("no calls", "/r/yard?webrtc=0"), (said) => [said.care.noCalls, said.care.noCallsText], () => [/\/r\/yard$/]),
  told(room("camera without picture", "people=3&dark=1", after(4)), (said) => [said.care.noPicture], again),
  told(room("microphone without sound", "people=3&hears=-Infinity", after(12)), (said) => [said.care.noSound], (said) => [said.care.chooseOther]),
  told(room("talking while muted", "people=3&hears=-20", after(4, mute)), (said) => [said.care.mutedTalking("M")], (said) => [said.conduct.doAsked.mic]),
  told(room("UDP blocked", "people=3&way=tcp", after(6)), (said) => [said.care.slowWay], (said) => [said.checkConnection]),
  told(room("bad connection", "people=3&down=2", after(11)), (said) => [said.care.offerSoundOnly], (said) => [said.care.soundOnly, said.care.keepVideos]),
  told(room("sound only", "people=3&down=2", after(11, ({ page, press, said }) => page.clock.runFor(11_000).then(() => press(said.care.soundOnly)))),
    (said) => [said.care.soundOnlyNow], (said) => [said.care.showVideos]),
  told(room("screen with sound only", "people=3&screen=1", ({ page, said, press }) => press(said.settings).then(() => page.getByRole("switch", { name: said.care.soundOnly }).click())),
    (said) => [said.care.soundOnlyNow, said.care.screenHidden], (said) => [said.care.showVideos]),
  told(room("sound held back", "people=2&blocked=1"), (said) => [said.soundBlocked], (said) => [said.startSound]),
  told(room("reconnecting", "people=3&lost=unreachable", after(12)), (said) => [said.reconnecting, said.stillReconnecting]),
  told(room("no way for media", "people=3&lost=media_failed", after(12)), (said) => [said.reconnecting, said.trouble.media_failed], (said) => [said.checkConnection]),
  ...["kicked", "room_gone", "expired", "replaced"].map(out),
  ...["room_full", "room_locked", "forbidden", "not_found"].map((code) => refused(code)),
  refused("unreachable", (said) => [said.join, said.checkConnection]),
  refused("unauthorized", (said) => [said.join]),
  told(knock("bad invitation", "refuse=unauthorized#invite=a.b.c", async () => {}), (said) => [said.badInvitation], (said) => [said.join]),
  told(knock("server busy", "queued=1", async () => {}), (said) => [said.serverBusy], (said) => [said.cancel]),
];
