/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Jest leaves a processor idle by default, which on two is half of them.
  maxWorkers: "100%",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // The one time-out: for what hangs, and not for what is slow on a busy machine.
  testTimeout: 1_200_000,
  globalSetup: "<rootDir>/__tests__/support/set-up.mjs",
  globalTeardown: "<rootDir>/__tests__/support/tear-down.mjs",
  reporters: ["default", "<rootDir>/__tests__/support/what-did-not-run.js"],
  // Types are checked once by tsc (`npm run typecheck`), not again per file.
  transform: { "\\.[jt]s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  // Octokit and what it is made of are ES modules alone, which Jest cannot load as they are.
  transformIgnorePatterns: [
    "/node_modules/(?!(@octokit|universal-user-agent|before-after-hook|content-type|json-with-bigint)/)",
  ],
};
