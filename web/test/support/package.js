// The npm package of the SDK, as somebody who installs it has it; npm's pretest step packed it.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./ending.js";
import { output } from "./media.js";

/** Installs the package for a page, until the test ends: the folder of the page, and that of the package. */
export function installPackage(t) {
  const page = mkdtempSync(join(tmpdir(), "madang-sdk-"));
  atEnd(t, () => rmSync(page, { recursive: true, force: true }));
  const folder = join(page, "node_modules/@madang/sdk");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xf", `${output}madang-sdk.tgz`, "-C", folder, "--strip-components=1"]);
  return { page, folder };
}
