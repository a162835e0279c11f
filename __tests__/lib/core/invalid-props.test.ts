import { InvalidPropsError, nameProblem, rejectProps } from "../../../lib/core/invalid-props";
import { Stack } from "../../../lib/core/stack";
import { synthesize } from "../../support/synth";

describe("rejectProps", () => {
  const problem = { prop: ["rules", 1, "a-b"], problem: "is 0", instead: "give more" };

  test("throws one error, with a line for each problem", () => {
    const other = { prop: ["name"], problem: "is empty", instead: "give one" };
    expect(() => synthesize((stack) => rejectProps(stack, [problem, other]))).toThrow(
      new InvalidPropsError("test", [problem, other]),
    );
    expect(new InvalidPropsError("test", [problem, other]).message).toBe(
      'test: rules[1]["a-b"]: is 0: give more\ntest: name: is empty: give one',
    );
  });

  test("does nothing without a problem", () => {
    expect(() => synthesize((stack) => rejectProps(stack, []))).not.toThrow();
  });

  test("tells a scope that handles invalid props instead, and no other", () => {
    const told: string[] = [];
    class Samples extends Stack {
      onInvalidProps({ message }: InvalidPropsError): void {
        told.push(message);
      }
    }
    synthesize((stack) => {
      const props = { stateBucket: "b" };
      rejectProps(new Samples(stack.node.root, "samples", props), [problem]);
      expect(() => rejectProps(new Stack(stack.node.root, "values", props), [problem])).toThrow("values: ");
    });
    expect(told).toEqual(['samples: rules[1]["a-b"]: is 0: give more']);
  });
});

describe("resource names", () => {
  test.each(["a", "a1", "plue-staging", "a--b", "a".repeat(63)])("%j is taken", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each(["", "1a", "-a", "a-", "A", "a_b", "a.b", "ä", "a b", "a\n", "a".repeat(64)])(
    "%j is refused",
    (name) => {
      expect(nameProblem(name)?.problem).toBe(`"${name}" is not a valid name`);
    },
  );

  test("a shorter limit is kept and told", () => {
    expect(nameProblem("a".repeat(24), 24)).toBeUndefined();
    expect(nameProblem("a".repeat(25), 24)?.instead).toContain("at most 24 lower-case letters");
  });
});
