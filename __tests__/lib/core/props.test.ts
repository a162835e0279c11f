import { nameProblem } from "../../../lib/core/props";

describe("resource names", () => {
  test.each(["a", "a1", "plue-staging", "a--b", "a".repeat(63)])("%j is taken", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each(["", "1a", "-a", "a-", "A", "a_b", "a.b", "ä", "a b", "a\n", "a".repeat(64)])(
    "%j is refused",
    (name) => {
      expect(nameProblem(name)).toBe(
        `"${name}" is not a valid name: at most 63 lower-case letters, digits and -, first a letter, last no -`,
      );
    },
  );

  test("a shorter limit is kept and told", () => {
    expect(nameProblem("a".repeat(24), 24)).toBeUndefined();
    expect(nameProblem("a".repeat(25), 24)).toContain("at most 24 lower-case letters");
  });
});
