import { readFileSync } from "node:fs";

const { satisfies } = require("semver") as { satisfies: (version: string, range: string) => boolean };
const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, { engines?: { node?: string }; optional?: boolean }>;
};

/** What `npm ci` looks at: of an optional package it says nothing. */
const wanted = Object.entries(packages).flatMap(([path, { engines, optional }]) =>
  path !== "" && engines?.node && !optional ? [{ path, node: engines.node }] : [],
);

test.each([engines.node.replace(">=", ""), "22.12.0"])(
  "npm ci on Node %s warns of no package that is for another",
  (version) => {
    expect(wanted.length).toBeGreaterThan(100);
    expect(wanted.filter(({ node }) => !satisfies(version, node))).toEqual([]);
  },
);
