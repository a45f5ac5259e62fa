// The npm package of the SDK: what is in it, its types, and its reference.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { installPackage } from "./support/package.js";

const compiler = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));

/** Fails with what TypeScript says of a file in the folder, as a strict project of this kind has it. */
function compile(folder, file, module, moduleResolution) {
  const options = { module, moduleResolution, target: "es2022", lib: "es2022,dom", types: "", strict: true, noEmit: true };
  try {
    execFileSync(compiler, ["--ignoreConfig", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]), file], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    assert.fail(`${file}, ${moduleResolution}:\n${error.stdout}${error.stderr}`);
  }
}

/**
 * What a file of declarations exports without saying what it is: types and
 * functions, all that a class can do, and events. Fields of plain values may go by their names.
 */
function unexplained(text) {
  const found = [];
  let owner;
  text.split("\n").forEach((line, i, lines) => {
    const [, kind, name] = line.match(/^export (?:declare )?(interface|class|type|function|const) (\w+)/) ?? [];
    if (name) owner = { name, counts: kind === "class" || name.endsWith("Events") };
    const [, member] = line.match(/^ {4}(?:readonly |static |get )*(\w+)[?(:<]/) ?? [];
    const counts = name || (owner?.counts && member && !["constructor", "name"].includes(member));
    if (counts && !lines[i - 1]?.endsWith("*/")) found.push(name ?? `${owner.name}.${member}`);
  });
  return found;
}

test("the package of the SDK holds what it should, and works", async (t) => {
  const { page, folder } = installPackage(t);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
  const read = (name) => readFileSync(join(folder, name), "utf8");

  await t.test("and nothing else", () => {
    const texts = files.filter((name) => !name.startsWith("dist/types/"));
    assert.deepEqual(texts.sort(), [
      "README.ko.md", "README.md", "dist/LICENSE", "dist/madang.js", "dist/madang.min.js", "example/index.html", "example/main.js", "package.json",
    ]);
    const manifest = JSON.parse(read("package.json"));
    for (const path of Object.values(manifest.exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)))) {
      assert.ok(files.includes(path.replace("./", "")), path);
    }
    assert.equal(manifest.dependencies, undefined);
  });

  await t.test("it can be loaded where there is no browser, whole and small", async () => {
    const [whole, small] = await Promise.all(["madang", "madang.min"].map((name) => import(join(folder, `dist/${name}.js`))));
    assert.deepEqual(Object.keys(small), Object.keys(whole));
    for (const name of ["Room", "LocalMedia", "AdaptiveView", "MadangError"]) assert.ok(whole[name], name);
    for (const { ServerError } of [whole, small]) {
      assert.equal(new ServerError("room_full", "the room is full").name, "ServerError");
    }
  });

  await t.test("its guides compile, in both ways of finding types", () => {
    for (const guide of ["README.md", "README.ko.md"]) {
      const code = [...read(guide).matchAll(/^```(?:ts|js)\n(.*?)^```/gms)].map(([, block]) => block);
      assert.ok(code.length > 5, guide);
      writeFileSync(join(page, "guide.mts"), `${code.join("\n")}\nexport {};\n`);
      compile(page, "guide.mts", "esnext", "bundler");
      compile(page, "guide.mts", "nodenext", "nodenext");
    }
  });

  await t.test("all that it exports is explained", () => {
    const names = [...read("dist/types/index.d.ts").matchAll(/from "\.\/(\w+)\.ts"/g)].map(([, name]) => name);
    assert.deepEqual(names.flatMap((name) => unexplained(read(`dist/types/${name}.d.ts`))), []);
  });
});
