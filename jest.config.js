/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Jest leaves a processor idle by default, which on two is half of them.
  maxWorkers: "100%",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // Types are checked once by tsc (`npm run typecheck`), not again per file.
  transform: { "\\.[jt]s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  // Octokit and what it is made of are ES modules alone, which Jest cannot load as they are.
  transformIgnorePatterns: [
    "/node_modules/(?!(@octokit|universal-user-agent|before-after-hook|content-type|json-with-bigint)/)",
  ],
};
