const { resolve } = require("node:path");

/** The proof against a real control plane: `npm run test:cluster` with KUBECONFIG set. No part of `npm test`. */
/** @type {import("jest").Config} */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: resolve(__dirname, "../.."),
  roots: ["<rootDir>/__tests__/cluster"],
  testMatch: ["**/*.proof.ts"],
  globalSetup: "<rootDir>/__tests__/cluster/setup.ts",
  globalTeardown: undefined,
  // One cluster, one after another.
  maxWorkers: 1,
  testTimeout: 300_000,
  verbose: true,
};
