import type { App } from "cdktf";
import { Construct } from "constructs";
import { unwrittenApp } from "../../../lib/core/app";
import { explainUnexpected, whereDeclared } from "../../../lib/core/explain-error";
import { InvalidPropsError } from "../../../lib/core/invalid-props";
import { LockFileError } from "../../../lib/core/provider-lock";
import { Stack } from "../../../lib/core/stack";
import { InvalidInputError } from "../../../lib/input/problems";

class Done extends Construct {}

class Failing extends Construct {
  constructor(scope: Construct, id: string, error: () => Error) {
    super(scope, id);
    new Done(this, "done");
    throw error();
  }
}

class Around extends Construct {
  constructor(scope: Construct, id: string, error: () => Error) {
    super(scope, id);
    new Done(this, "before");
    new Failing(this, "inner", error);
  }
}

class Whole extends Stack {
  constructor(scope: Construct, error: () => Error) {
    super(scope, "whole", { stateBucket: "acme" });
    new Done(this, "before");
    new Around(this, "outer", error);
  }
}

/** What is told of an error of this declaration. */
function told(declare: (app: App) => void): string {
  const app = unwrittenApp();
  new Stack(app, "earlier", { stateBucket: "acme" });
  try {
    declare(app);
  } catch (error) {
    return explainUnexpected(whereDeclared(error, app));
  }
  throw new Error("nothing was thrown");
}

/** An error with the trace that Node makes of it; in a test the names in it are others. */
const boom =
  (classes: string[], Kind: ErrorConstructor = Error) =>
  () =>
    Object.assign(new Kind("boom"), {
      stack: [
        `${Kind.name}: boom`,
        "    at boom (/acme/lib/thing.ts:3:7)",
        ...classes.map((name) => `    at new ${name} (/acme/lib/thing.ts:9:5)`),
        "    at Object.<anonymous> (/acme/node_modules/cdktf/lib/app.js:1:1)",
        "    at node:internal/main:1:1",
      ].join("\n"),
    });

test.each<[string, (app: App) => void, string]>([
  [
    "a construct in a construct of a stack's class",
    (app) => new Whole(app, boom(["Failing", "Around", "Whole"])),
    "whole/outer/inner: boom (/acme/lib/thing.ts:3:7)",
  ],
  [
    "a construct of a stack that is no class",
    (app) => new Failing(new Stack(app, "plain", { stateBucket: "acme" }), "inner", boom(["Failing"])),
    "plain/inner: boom (/acme/lib/thing.ts:3:7)",
  ],
  [
    "what is no construct",
    () => {
      throw boom([])();
    },
    "boom (/acme/lib/thing.ts:3:7)",
  ],
])("an error of %s is told with its path and its place", (_, declare, message) => {
  expect(told(declare)).toBe(message);
});

test("a defect is told with its trace, without lines of packages and of Node", () => {
  expect(told((app) => new Whole(app, boom(["Failing", "Around", "Whole"], TypeError)))).toBe(
    [
      "whole/outer/inner: TypeError: boom",
      "    at boom (/acme/lib/thing.ts:3:7)",
      ...["Failing", "Around", "Whole"].map((name) => `    at new ${name} (/acme/lib/thing.ts:9:5)`),
    ].join("\n"),
  );
});

test.each([
  [
    "an invalid file",
    new InvalidInputError([{ file: "cdktf.json", path: ["context"], message: "is empty" }]),
  ],
  [
    "invalid props",
    new InvalidPropsError("acme/db", [{ prop: ["tier"], problem: "is huge", instead: "give less" }]),
  ],
  ["a lock file", new LockFileError("run npx plue lock")],
  ["what constructs check themselves", new Error("Validation failed with the following errors:\n  [acme] x")],
])("%s says everything itself", (_, error) => {
  expect(
    told(() => {
      throw error;
    }),
  ).toBe(error.message);
});

test.each([
  [
    "EACCES",
    "/x/y may not be read or written by this user: give yourself the right to, or use another folder (EACCES)",
  ],
  ["ENOSPC", "/x/y cannot be written, as there is no room left on the disk: make some (ENOSPC)"],
  ["EWHAT", "EWHAT: as the system says it"],
])("what the system refuses is told in words: %s", (code, message) => {
  const error = Object.assign(new Error("EWHAT: as the system says it"), {
    code,
    syscall: "open",
    path: "/x/y",
  });
  expect(explainUnexpected(error)).toBe(message);
});

test("a trace is told in lines of the sources, where somebody can translate it", () => {
  expect(explainUnexpected(boom([])(), () => "Error: boom\n    at new Thing (lib/thing.ts:3:7)")).toBe(
    "boom (lib/thing.ts:3:7)",
  );
});
