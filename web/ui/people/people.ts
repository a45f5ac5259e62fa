// Who stands where in the list of people, and what may be done with whom.

import { isAbove, type Member, type Role, type Standing } from "../../sdk/index.ts";

/** What one may do with another: anybody write to them alone, and who keeps order the rest. */
export type Act = "writeTo" | "mute" | "muteAndHold" | "askToUnmute" | "stopCamera" | "stopScreen" | "lowerHand" | Role | "remove";

const roles: readonly Role[] = ["owner", "moderator", "member", "guest"];

/** Hands first, in the order of raising; then those who keep order; then by name, as lists in the language go. */
export function inOrder(members: readonly Member[], language: string): Member[] {
  const names = new Intl.Collator(language, { numeric: true });
  const place = ({ hand }: Member) => hand ?? Infinity;
  const rank = ({ role }: Member) => Math.min(roles.indexOf(role), 2);
  return members.toSorted((a, b) => (place(a) !== place(b) ? place(a) - place(b) : rank(a) - rank(b) || names.compare(a.name, b.name)));
}

/**
 * Is this what was looked for, as people type it: any part of a name, with or
 * without accents, or its initial consonants, as ㄱㄷㅇ of 김다인. Half a syllable,
 * which an input method has under way, finds the whole.
 */
export function isFound(name: string, looked: string): boolean {
  const [all, part] = [letters(name), letters(looked.trim())];
  return all.includes(part) || withoutVowels(all).includes(part);
}

/** Text by single letters: syllables of Hangul come apart, accents are gone. */
function letters(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What stands first in each syllable of Hangul; other letters stay. */
function withoutVowels(apart: string): string {
  return apart.replace(/[\u1160-\u11ff]/g, "");
}

/** What we may do with a member now; nothing with ourselves, and keep in order only those who are below us. */
export function actsOn(standing: Standing, member: Member): Act[] {
  if (member.me) return [];
  return [...(standing.may.has("private") ? ["writeTo" as const] : []), ...ordersTo(standing, member)];
}

function ordersTo({ role, may }: Standing, member: Member): Act[] {
  if (!may.has("moderate") || !isAbove(role, member.role)) return [];
  const { mic, camera, screen } = member.sources;
  const speaks = member.role !== "guest";
  const acts: (Act | false | undefined)[] = [
    mic === "live" && "mute",
    mic === "live" && "muteAndHold",
    mic !== "live" && speaks && "askToUnmute",
    camera === "live" && "stopCamera",
    screen === "live" && "stopScreen",
    member.hand !== undefined && "lowerHand",
    ...rolesFor(role, may.has("admin")).filter((given) => given !== member.role && (may.has("admin") || !isAbove(member.role, "member"))),
    "remove",
  ];
  return acts.filter((act): act is Act => Boolean(act));
}

/** The roles that one may give, the highest first: an owner any, others those below their own. */
export function rolesFor(role: Role, admin: boolean): Role[] {
  return roles.filter((given) => (role === "owner" || isAbove(role, given)) && (admin || !isAbove(given, "member")));
}

/** The roles that an invitation of ours may give, the lowest first. */
export function rolesToInvite(role: Role): Role[] {
  return roles.filter((given) => !isAbove(given, role)).reverse();
}
