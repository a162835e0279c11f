import { authLibrary } from "../../../tools/google/library";

test("Google's library does not tell people of metadata servers; other warnings come through", () => {
  const told: unknown[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((...args: unknown[]) => told.push(args)) as typeof emitWarning;
  try {
    expect(authLibrary().GoogleAuth).toBeDefined();
    process.emitWarning("received unexpected error", "MetadataLookupWarning");
    process.emitWarning("received unexpected error", { type: "MetadataLookupWarning" });
    process.emitWarning("something else", "DeprecationWarning");
    expect(told).toEqual([["something else", "DeprecationWarning"]]);
  } finally {
    process.emitWarning = emitWarning;
  }
});
