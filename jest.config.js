/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Jest leaves a processor idle by default, which on two is half of them.
  maxWorkers: "100%",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Types are checked once by tsc (`npm run typecheck`), not again per file.
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
};
